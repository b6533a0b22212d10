import * as fs from 'node:fs';
import * as path from 'node:path';
import { Inventory } from './inventory';

/** What is remembered of one stack from its `up` to its `down`. */
interface Memory {
  /** What the account held before the stack. */
  readonly before: Inventory;
  /** What came while the stack was being brought up. */
  readonly made: Inventory;
}

const ENDING = '.inventory.json';

/**
 * What stacks found and brought, one file for each, so that the end of one is not blamed for what another still needs.
 *
 * What comes while two are brought up at once may belong to either: both remember it, and the last of them to go answers for it.
 */
export class InventoryMemory {
  constructor(private readonly directory: string) {}

  /** Before a stack is deployed; what a run that was killed found counts on. */
  public begin(stackName: string, now: Inventory): void {
    if (!this.read(stackName)) this.write(stackName, { before: now, made: [] });
  }

  /** What came with a deployment, between two looks at the account. */
  public note(stackName: string, since: Inventory, now: Inventory): void {
    const memory = this.read(stackName);
    if (memory) this.write(stackName, { ...memory, made: [...new Set([...memory.made, ...without(now, since)])].sort() });
  }

  /**
   * What is there that was not before, and that no other stack brought; undefined if nothing is known of the stack.
   * In an account that others share, only what is known to have come with the stack counts.
   */
  public leftBehind(stackName: string, now: Inventory, shared: boolean): Inventory | undefined {
    const memory = this.read(stackName);
    if (!memory) return undefined;
    const its = shared ? memory.made.filter((item) => now.includes(item)) : without(now, memory.before);
    return without(its, this.madeByOthers(stackName));
  }

  public forget(stackName: string): void {
    fs.rmSync(this.file(stackName), { force: true });
  }

  /** After everything has gone with a local AWS that was stopped. */
  public forgetAll(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private madeByOthers(stackName: string): Inventory {
    if (!fs.existsSync(this.directory)) return [];
    return fs.readdirSync(this.directory)
      .filter((file) => file.endsWith(ENDING) && file !== path.basename(this.file(stackName)))
      .flatMap((file) => this.read(file.slice(0, -ENDING.length))?.made ?? []);
  }

  private read(stackName: string): Memory | undefined {
    const file = this.file(stackName);
    if (!fs.existsSync(file)) return undefined;
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8')) as Memory;
    } catch {
      // whoever wrote it was killed half-way: nothing is known
      return undefined;
    }
  }

  private write(stackName: string, memory: Memory): void {
    fs.mkdirSync(this.directory, { recursive: true });
    fs.writeFileSync(this.file(stackName), JSON.stringify(memory, undefined, 2));
  }

  private file(stackName: string): string {
    return path.join(this.directory, `${stackName}${ENDING}`);
  }
}

function without(items: Inventory, known: Inventory): Inventory {
  const set = new Set(known);
  return items.filter((item) => !set.has(item));
}
