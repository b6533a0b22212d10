import * as path from 'node:path';
import { LocalAwsProblem } from '../src/problem';
import { findPython, Probe } from '../src/python';
import { temporaryFolder } from './_helpers/folders';

/** Interpreters on the path, by name. */
const having = (versions: Record<string, string>): Probe => (executable) => versions[executable];

describe('the interpreter', () => {
  test('is python3 if that is new enough', () => {
    expect(findPython({}, having({ 'python3': '3.12.4', 'python3.13': '3.13.0' }))).toEqual({ executable: 'python3', version: '3.12.4' });
  });

  test('is a newer one beside a python3 that is too old', () => {
    expect(findPython({}, having({ 'python3': '3.9.18', 'python3.11': '3.11.7' }))).toEqual({ executable: 'python3.11', version: '3.11.7' });
  });

  test.each(['3.11.0', '3.11.0rc1', '3.14.2', '4.0.0'])('may be %s', (version) => {
    expect(findPython({}, having({ python3: version })).version).toBe(version);
  });

  test('is the one that TAPSTACK_PYTHON names, whatever else there is', () => {
    const probe = having({ 'python3': '3.13.0', '/opt/python': '3.12.0' });
    expect(findPython({ TAPSTACK_PYTHON: '/opt/python' }, probe)).toEqual({ executable: '/opt/python', version: '3.12.0' });
  });
});

describe('fails in one line', () => {
  const message = (environment: NodeJS.ProcessEnv, versions: Record<string, string>) => () => findPython(environment, having(versions));
  const needs = 'the local AWS needs Python 3.11 or newer, found:';
  const remedy = '; install one, or name it in TAPSTACK_PYTHON';

  test('without any', () => {
    expect(message({}, {})).toThrow(new LocalAwsProblem(`${needs} none on the path${remedy}`));
  });

  test.each(['3.10.14', '2.7.18'])('with only %s', (version) => {
    expect(message({}, { python3: version })).toThrow(new LocalAwsProblem(`${needs} python3 is ${version}${remedy}`));
  });

  test('with several that are too old: names each', () => {
    expect(message({}, { python3: '3.10.1', python: '2.7.18' })).toThrow(`${needs} python3 is 3.10.1, python is 2.7.18${remedy}`);
  });

  test('with a TAPSTACK_PYTHON that is too old: looks for no other', () => {
    expect(message({ TAPSTACK_PYTHON: '/opt/old' }, { '/opt/old': '3.8.0', 'python3': '3.13.0' })).toThrow(`${needs} /opt/old is 3.8.0${remedy}`);
  });

  test('with a TAPSTACK_PYTHON that is no program', () => {
    const missing = path.join(temporaryFolder(), 'python');
    expect(() => findPython({ TAPSTACK_PYTHON: missing })).toThrow(`${needs} '${missing}' does not run${remedy}`);
  });
});
