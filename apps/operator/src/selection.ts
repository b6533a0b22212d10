import { EnvironmentConfig, TapstackConfig } from './config';
import { ExitCode, Problem } from './problem';
import type { ReadBack } from './verify/confirmed';

/** What the command line asks for. */
export interface Wish {
  readonly environment?: string;
  readonly suffix?: string;
  readonly stage?: string;
}

/** One stack of one environment, chosen and checked. */
export interface Selection {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly suffix: string;
  readonly stage: string;
  readonly stackName: string;
  readonly parameters: Record<string, string>;
  readonly context: Record<string, string>;
  readonly readBack?: ReadBack;
}

const DEFAULT_SUFFIX = 'dev';

/**
 * Turns what was asked for into one stack.
 *
 * @throws Problem if there is no such environment or stage, or the suffix could not stand in the names of resources
 */
export function select(config: TapstackConfig, wish: Wish): Selection {
  const environment = wish.environment ?? config.defaultEnvironment;
  const stage = wish.stage ?? config.stages[0];
  const suffix = wish.suffix ?? DEFAULT_SUFFIX;
  mustBeOneOf('--env', environment, Object.keys(config.environments));
  mustBeOneOf('--stage', stage, config.stages);
  if (!config.suffixPattern.test(suffix)) {
    throw new Problem(`'--suffix' must match ${config.suffixPattern.source} because it stands in the names of resources, got '${suffix}'`, ExitCode.USAGE);
  }
  const chosen = config.environments[environment];
  return {
    environment,
    config: chosen,
    suffix,
    stage,
    stackName: config.stackName(suffix),
    parameters: config.parameters(suffix),
    context: { ...chosen.context, environment, suffix, stage },
    readBack: config.readBack,
  };
}

function mustBeOneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new Problem(`'${option}' must be one of ${allowed.join(', ')}, got '${value}'`, ExitCode.USAGE);
  }
}
