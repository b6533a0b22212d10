import * as path from 'node:path';
import { LocalAws } from '@tapstack/local-aws';
import { loadConfig, TapstackConfig } from '../config';
import { InventoryMemory } from '../inventory/memory';
import { stateDirectory } from '../report';
import { select, Selection } from '../selection';
import { AwsTarget, LocalTarget, Target } from '../target';

/** The options that every command about a stack takes. */
export interface StackOptions {
  readonly directory: string;
  readonly env?: string;
  readonly suffix?: string;
  readonly stage?: string;
  readonly target: 'local' | 'aws';
  readonly port?: number;
}

/** What a command works on. */
export interface CommandContext {
  readonly directory: string;
  readonly config: TapstackConfig;
  readonly selection: Selection;
}

/** Reads the configuration and checks the command line against it, before anything is touched. */
export async function commandContext(options: StackOptions): Promise<CommandContext> {
  const directory = path.resolve(options.directory);
  const config = await loadConfig(directory);
  return { directory, config, selection: select(config, { environment: options.env, suffix: options.suffix, stage: options.stage }) };
}

/** The target that was asked for; a local AWS must run. */
export function reach(options: StackOptions, local: LocalAws): Target {
  return options.target === 'aws' ? new AwsTarget() : new LocalTarget(local);
}

/** What is remembered of the stacks in the account that a command works on. */
export function memoryOf(directory: string, options: StackOptions, local: LocalAws): InventoryMemory {
  return new InventoryMemory(path.join(stateDirectory(directory), options.target === 'aws' ? 'aws' : `local-${local.port}`));
}
