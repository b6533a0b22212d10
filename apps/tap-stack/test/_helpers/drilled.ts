import { DeployedStack, Drill, DrillContext, Outcome, Verdict } from '@tapstack/operator';

/** A stack that runs, as far as a drill looks at it. */
export interface Deployed {
  /** Types, by the physical ids of resources; they are called the same in the template. */
  readonly resources?: Record<string, string>;
  readonly outputs?: Record<string, string>;
  /** Resources of the template where a drill reads them, or its parameters. */
  readonly template?: Partial<DeployedStack['template']>;
}

/** What AWS answers, by the name of the call: a value, or what a function makes of its input; an error is thrown. */
export type Answers = Record<string, unknown>;

/** What the checks of a drill find when AWS answers like this: everything that is wrong, in one line. */
export async function found(drill: Drill, deployed: Deployed, answers: Answers, local = true): Promise<string> {
  const outcomes: Outcome[] = [];
  for (const check of drill(contextOf(deployed, answers, local))) {
    outcomes.push(await check.run().catch((error: Error): Outcome => ({ verdict: Verdict.FAILED, reason: error.message })));
  }
  return outcomes.filter(({ verdict }) => verdict === Verdict.FAILED).map(({ reason }) => reason).join('; ');
}

function contextOf({ resources = {}, outputs = {}, template = {} }: Deployed, answers: Answers, local: boolean): DrillContext {
  const stack = new DeployedStack(
    'TapStackdev', 'arn:aws:cloudformation:us-east-1:111122223333:stack/TapStackdev/1',
    Object.entries(resources).map(([physicalId, type]) => ({ logicalId: physicalId, type, physicalId })),
    Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue, ExportName: OutputKey })),
    { Resources: {}, ...template },
  );
  const client = {
    send: async ({ constructor, input }: { constructor: { name: string }; input: unknown }) => {
      const answer = answers[constructor.name.replace(/Command$/, '')];
      const said: unknown = typeof answer === 'function' ? answer(input) : answer;
      if (said instanceof Error) throw said;
      return said ?? {};
    },
  };
  return { stack, target: { local: local ? {} : undefined, clients: new Proxy({}, { get: () => client }) } as never };
}
