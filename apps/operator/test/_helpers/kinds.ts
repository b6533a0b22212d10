import { Result, runChecks, Verdict } from '../../src/verify/check';
import { Template } from '../../src/verify/deployed-stack';
import { Posture } from '../../src/verify/posture/posture';
import { Answers, stubClients } from './clients';
import { stackOf } from './stacks';

/** What is asked of one kind of resource: what AWS answers when all is well, and each thing that can be wrong with it. */
export interface Kind {
  readonly posture: Posture;
  readonly resources: Record<string, string>;
  readonly template?: Template;
  readonly checks: string[];
  readonly well: Answers;
  readonly wrong: [what: string, answers: Answers, title: string, reason: string][];
}

export const REFUSES_PLAIN_HTTP = JSON.stringify({
  Statement: { Effect: 'Deny', Principal: '*', Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
});
export const ADMITS_PLAIN_HTTP = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }] });

/** What the checks of a kind find when AWS answers like this. */
export const resultsOf = async ({ posture, resources, template }: Kind, answers: Answers): Promise<Result[]> =>
  runChecks(posture(stackOf(resources, template), stubClients(answers).clients), () => {});

/** Passes when all is well; for each thing that can be wrong, one check fails, and no other. */
export function describeKinds(kinds: Record<string, Kind>): void {
  describe.each(Object.entries(kinds))('%s', (_, kind) => {
    test('pass when all is well', async () => {
      expect(await resultsOf(kind, kind.well)).toEqual(kind.checks.map((title) => ({ title, verdict: Verdict.PASSED })));
    });

    test.each(kind.wrong)('one fails, and only that one, if %s', async (__, answers, title, reason) => {
      const found = (await resultsOf(kind, { ...kind.well, ...answers })).filter(({ verdict }) => verdict !== Verdict.PASSED);
      expect(found).toEqual([{ title, verdict: Verdict.FAILED, reason: expect.stringContaining(reason) as string }]);
    });

    test('fail if AWS does not answer', async () => {
      expect((await resultsOf(kind, {})).map(({ verdict }) => verdict)).toEqual(kind.checks.map(() => Verdict.FAILED));
    });

    test('say nothing of a stack that has none', () => {
      expect(kind.posture(stackOf({ Other: 'AWS::Other::Type' }), stubClients({}).clients)).toEqual([]);
    });
  });
}
