import { App, Stack } from 'aws-cdk-lib';

/** Two ways to the same resources. */
export interface Pair {
  readonly name: string;
  readonly ours: () => Promise<Build>;
  readonly handWritten: () => Promise<Build>;
}

/** Adds a stack to an app. */
export type Build = (app: App) => Stack;

// imported when it is built: what a module costs to load is part of what is measured
export const PAIRS: Pair[] = [
  {
    name: 'private-workload',
    ours: async () => {
      const { PrivateWorkload } = await import('tap-stack/lib/environments/private-workload');
      const { stageNamed } = await import('tap-stack/lib/stage');
      return (app) => new PrivateWorkload(app, 'TapStack', { stage: stageNamed('ephemeral'), suppressTemplateIndentation: true });
    },
    handWritten: async () => {
      const { HandWritten } = await import('./hand-written');
      return (app) => new HandWritten(app, 'TapStack');
    },
  },
];
