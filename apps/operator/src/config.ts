import * as fs from 'node:fs';
import * as path from 'node:path';
import { types } from 'node:util';
import { createJiti } from 'jiti';
import { z } from 'zod';
import { ExitCode, Problem } from './problem';
import type { ReadBack } from './verify/confirmed';
import type { Drill } from './verify/drills/drill';

/** One environment of a CDK app: how it is called, deployed and proven. */
export interface EnvironmentConfig {
  /** Given to the app as CDK context. */
  readonly context?: Record<string, string>;

  /** What only this environment can know about itself: its roles' jobs, its alert paths. */
  readonly drills?: Drill[];
}

/** How the operator handles a CDK app; the default export of `tapstack.config.ts`. */
export interface TapstackConfig {
  /** The command that synthesizes, as in `cdk.json`. It gets the context `environment`, `suffix` and `stage`. */
  readonly app: string;

  /** The environments by name. */
  readonly environments: Record<string, EnvironmentConfig>;

  /** The environment of commands that name none. */
  readonly defaultEnvironment: string;

  /** The name of the stack that serves a suffix. */
  readonly stackName: (suffix: string) => string;

  /** The template parameters of a deployment. */
  readonly parameters: (suffix: string) => Record<string, string>;

  /** What a suffix must look like, as the template's own parameter says it. */
  readonly suffixPattern: RegExp;

  /** The stages the app knows, the one of commands that name none first. */
  readonly stages: [string, ...string[]];

  /** Which requirements of the app are confirmed by what is read back of every stack; drills say so themselves. */
  readonly readBack?: ReadBack;
}

export const CONFIG_FILE = 'tapstack.config.ts';

const schema = z.object({
  app: z.string().min(1),
  environments: z.record(z.string(), z.object({ context: z.record(z.string(), z.string()).optional(), drills: z.array(z.unknown()).optional() })),
  defaultEnvironment: z.string(),
  stackName: z.function(),
  parameters: z.function(),
  // made by another loader, it need not be an instance of our RegExp
  suffixPattern: z.custom<RegExp>(types.isRegExp, 'must be a regular expression'),
  stages: z.array(z.string()).min(1),
  readBack: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
}).strict().refine((config) => config.defaultEnvironment in config.environments, { path: ['defaultEnvironment'], message: 'must be one of the environments' });

/** Types the configuration; returns it as it is. */
export function defineConfig(config: TapstackConfig): TapstackConfig {
  return config;
}

/** Loads the configuration of the app in a directory. */
export async function loadConfig(directory: string): Promise<TapstackConfig> {
  const file = path.resolve(directory, CONFIG_FILE);
  if (!fs.existsSync(file)) {
    throw new Problem(`no ${CONFIG_FILE} in '${directory}'; run this where your CDK app is, or name the directory with '--directory'`, ExitCode.USAGE);
  }
  const config = await createJiti(__filename).import<TapstackConfig>(file, { default: true });
  const checked = schema.safeParse(config);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const where = issue.path.length > 0 ? `'${issue.path.join('.')}' ` : '';
    throw new Problem(`${CONFIG_FILE}: ${where}${issue.message}`, ExitCode.USAGE);
  }
  return config;
}
