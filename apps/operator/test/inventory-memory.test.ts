import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { InventoryMemory } from '../src/inventory/memory';

describe('InventoryMemory', () => {
  let directory: string;
  let memory: InventoryMemory;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'));
    memory = new InventoryMemory(path.join(directory, 'local-4566'));
  });
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  test('what was there before is not left behind', () => {
    memory.begin('One', ['bucket bootstrap']);
    memory.note('One', ['bucket bootstrap', 'bucket one']);
    expect(memory.leftBehind('One', ['bucket bootstrap'], false)).toEqual([]);
  });

  test('what came with the stack and is still there is left behind', () => {
    memory.begin('One', []);
    memory.note('One', ['bucket one', 'topic one']);
    expect(memory.leftBehind('One', ['bucket one'], false)).toEqual(['bucket one']);
  });

  test('what came after the deployment is left behind too', () => {
    memory.begin('One', []);
    memory.note('One', []);
    expect(memory.leftBehind('One', ['log group of a function'], false)).toEqual(['log group of a function']);
  });

  test.each([['One', 'Two'], ['Two', 'One']])('what a neighbour brought is not blamed on %s', (ended, neighbour) => {
    memory.begin('One', ['stack CDKToolkit']);
    memory.note('One', ['stack CDKToolkit', 'bucket One']);
    memory.begin('Two', ['stack CDKToolkit', 'bucket One']);
    memory.note('Two', ['stack CDKToolkit', 'bucket One', 'bucket Two']);
    expect(memory.leftBehind(ended, ['stack CDKToolkit', `bucket ${neighbour}`], false)).toEqual([]);
  });

  test('deploying again does not take what a neighbour brought', () => {
    memory.begin('One', []);
    memory.note('One', ['bucket One']);
    memory.begin('Two', ['bucket One']);
    memory.note('Two', ['bucket One', 'bucket Two']);
    memory.note('One', ['bucket One', 'bucket Two', 'topic One']);
    expect(memory.leftBehind('Two', ['bucket One', 'bucket Two', 'topic One'], false)).toEqual(['bucket Two']);
  });

  test('in an account that others share only what came with the stack counts', () => {
    memory.begin('One', []);
    memory.note('One', ['bucket one']);
    expect(memory.leftBehind('One', ['bucket one', 'bucket of somebody'], true)).toEqual(['bucket one']);
  });

  test('nothing is claimed of a stack that nobody remembers', () => {
    memory.note('One', ['bucket one']);
    expect(memory.leftBehind('One', ['bucket one'], false)).toBeUndefined();
  });

  test('nothing is claimed after a run that was killed while it wrote', () => {
    memory.begin('One', []);
    const [file] = fs.readdirSync(path.join(directory, 'local-4566'));
    fs.writeFileSync(path.join(directory, 'local-4566', file), '{"before": [');
    expect(memory.leftBehind('One', ['bucket one'], false)).toBeUndefined();
  });

  test('a stack that was taken down is forgotten, and all are when the local AWS has gone', () => {
    memory.begin('One', []);
    memory.begin('Two', []);
    memory.forget('One');
    expect(memory.leftBehind('One', [], false)).toBeUndefined();
    expect(memory.leftBehind('Two', [], false)).toEqual([]);
    memory.forgetAll();
    expect(memory.leftBehind('Two', [], false)).toBeUndefined();
  });
});
