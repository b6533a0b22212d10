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

  /** One stack brought up from its beginning to its end. */
  function broughtUp(stackName: string, before: string[], after: string[]): void {
    memory.begin(stackName, before);
    memory.note(stackName, before, after);
  }

  test('what was there before is not left behind', () => {
    broughtUp('One', ['bucket bootstrap'], ['bucket bootstrap', 'bucket one']);
    expect(memory.leftBehind('One', ['bucket bootstrap'], false)).toEqual([]);
  });

  test('what came with the stack and is still there is left behind', () => {
    broughtUp('One', [], ['bucket one', 'topic one']);
    expect(memory.leftBehind('One', ['bucket one'], false)).toEqual(['bucket one']);
  });

  test('what came after the deployment is left behind too', () => {
    broughtUp('One', [], []);
    expect(memory.leftBehind('One', ['log group of a function'], false)).toEqual(['log group of a function']);
  });

  test('what a run that was killed left is left behind by the next', () => {
    memory.begin('One', []);
    broughtUp('One', ['log group of the killed'], ['log group of the killed', 'bucket one']);
    expect(memory.leftBehind('One', ['log group of the killed'], false)).toEqual(['log group of the killed']);
  });

  test.each([['One', 'Two'], ['Two', 'One']])('what a neighbour brought is not blamed on %s', (ended, neighbour) => {
    broughtUp('One', ['stack CDKToolkit'], ['stack CDKToolkit', 'bucket One']);
    broughtUp('Two', ['stack CDKToolkit', 'bucket One'], ['stack CDKToolkit', 'bucket One', 'bucket Two']);
    expect(memory.leftBehind(ended, ['stack CDKToolkit', `bucket ${neighbour}`], false)).toEqual([]);
  });

  test('deploying again does not take what a neighbour brought', () => {
    broughtUp('One', [], ['bucket One']);
    broughtUp('Two', ['bucket One'], ['bucket One', 'bucket Two']);
    memory.note('One', ['bucket One', 'bucket Two'], ['bucket One', 'bucket Two', 'topic One']);
    expect(memory.leftBehind('Two', ['bucket One', 'bucket Two', 'topic One'], false)).toEqual(['bucket Two']);
  });

  describe.each([['a local AWS', false], ['an account that others share', true]])('two that are brought up at once in %s (X-02)', (_, shared) => {
    beforeEach(() => {
      memory.begin('One', []);
      memory.begin('Two', ['bucket One']);
      memory.note('One', [], ['bucket One', 'bucket Two']);
      memory.note('Two', ['bucket One'], ['bucket One', 'bucket Two', 'topic Two']);
    });

    test.each(['One', 'Two'])('%s is not blamed for what the other needs', (ended) => {
      const of = (name: string) => ['bucket One', 'bucket Two', 'topic Two'].filter((item) => item.endsWith(name));
      expect(memory.leftBehind(ended, of(ended === 'One' ? 'Two' : 'One'), shared)).toEqual([]);
    });

    test('and the last to go answers for what may have been either\'s', () => {
      expect(memory.leftBehind('One', ['bucket Two', 'topic Two'], shared)).toEqual([]);
      memory.forget('One');
      expect(memory.leftBehind('Two', ['bucket Two'], shared)).toEqual(['bucket Two']);
    });
  });

  test('in an account that others share only what came with the stack counts', () => {
    broughtUp('One', [], ['bucket one']);
    expect(memory.leftBehind('One', ['bucket one', 'bucket of somebody'], true)).toEqual(['bucket one']);
  });

  test('nothing is claimed of a stack that nobody remembers', () => {
    memory.note('One', [], ['bucket one']);
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
