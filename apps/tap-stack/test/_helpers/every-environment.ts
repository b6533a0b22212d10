import { ENVIRONMENT_NAMES } from '../../src/environments';
import { STAGE_NAMES, StageName } from '../../src/stage';
import { ReadTemplate } from './read-template';
import { Synthesis, synthesize } from './synthesis';

/** Every environment in every stage. */
export const EVERY = ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => [environment, stage] as const));

/** The same of every environment, stage by stage. */
export function everywhere<T extends unknown[]>(stages: [StageName, ...T][]): [string, StageName, ...T][] {
  return ENVIRONMENT_NAMES.flatMap((environment) => stages.map((one): [string, StageName, ...T] => [environment, ...one]));
}

const syntheses = new Map<string, Synthesis>();

/** An environment in a stage, synthesized once. */
export function synthesisOf(environment: string, stage = StageName.EPHEMERAL): Synthesis {
  const name = `${environment} ${stage}`;
  const known = syntheses.get(name) ?? synthesize({ environment, stage });
  syntheses.set(name, known);
  return known;
}

/** Its template. */
export function templateOf(environment: string, stage?: StageName): ReadTemplate {
  return synthesisOf(environment, stage).template;
}

/** The environments that have a resource of a type, in every stage: of each of them the same is expected. */
export function everyWith(type: string): [string, StageName][] {
  return EVERY.filter(([environment]) => templateOf(environment).ofType(type).length > 0).map(([environment, stage]) => [environment, stage]);
}
