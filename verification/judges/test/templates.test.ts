import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ENVIRONMENT_NAMES } from 'tap-stack/lib/environments';
import { STAGE_NAMES } from 'tap-stack/lib/stage';
import { everySubject, pathOf, Subject } from '../src/templates';

describe('the subjects', () => {
  let outdir: string;
  let subjects: Subject[];
  beforeAll(() => {
    outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'judges-'));
    subjects = everySubject(outdir);
  });
  afterAll(() => { fs.rmSync(outdir, { recursive: true, force: true }); });

  test('are every environment in every stage', () => {
    expect(subjects.map(({ environment, stage }) => `${environment}.${stage}`))
      .toEqual(ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => `${environment}.${stage}`)));
    expect(subjects.length).toBeGreaterThan(0);
  });

  test('know the construct of every resource', () => {
    for (const { template } of subjects) {
      const unknown = Object.keys(template.Resources).filter((logicalId) => pathOf(template, logicalId) === logicalId);
      expect(unknown).toEqual([]);
    }
  });
});
