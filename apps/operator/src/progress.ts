import { Listr, ListrTask } from 'listr2';
import { Report } from './toolkit';

/** One step of a command, told while it runs. */
export interface Step {
  readonly title: string;
  /** Returns what the step's line ends with. */
  run(report: Report): Promise<string | void>;
}

/** Runs steps one after the other: a moving display on a terminal, plain lines in a log. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const tasks = steps.map((step): ListrTask => ({
    title: step.title,
    task: async (_, task) => {
      const begin = Date.now();
      const ending = await step.run((line) => { task.output = line; });
      task.title = `${step.title}${ending ? `: ${ending}` : ''} (${((Date.now() - begin) / 1000).toFixed(1)} s)`;
    },
  }));
  await new Listr(tasks, { concurrent: false, fallbackRenderer: 'simple', rendererOptions: { collapseErrors: false }, registerSignalListeners: false }).run();
}
