import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { acknowledge } from '../src/acknowledge';
import { Examination } from '../src/judge';
import { cdkNag } from '../src/judges/cdk-nag';
import { readTemplate } from '../src/read-template';

const CANARY = path.resolve(__dirname, '../canaries/cdk-nag.template.json');

async function examine(file: string): Promise<Examination> {
  return (await cdkNag.examine([file])).get(file)!;
}

describe('cdk-nag', () => {
  test('objects to its canary, and remembers which rules looked', async () => {
    const { rules, findings } = await examine(CANARY);
    expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(cdkNag.canary));
    expect(rules).toEqual(expect.arrayContaining(['S1', 'EC23', 'IAM5']));
    expect(rules).not.toContain('RDS2');
  });

  test.each([
    ['AwsSolutions-S1', 'PlainBucket'],
    // an id with the ARN in it
    ['AwsSolutions-IAM5[Resource::arn:aws:iam::111122223333:user/*]', 'Everything'],
  ])('heeds an acknowledgement of %s in the template, for that rule on that resource only', async (rule, resource) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'judges-'));
    try {
      const file = path.join(directory, 'acknowledged.json');
      const known = { judge: 'cdk-nag', rule, environment: 'canary', resource, reason: 'a canary' } as const;
      fs.writeFileSync(file, JSON.stringify(acknowledge(readTemplate(CANARY), [known])));
      const before = (await examine(CANARY)).findings.map(({ rule, resource }) => `${rule} ${resource}`);
      const after = (await examine(file)).findings.map(({ rule, resource }) => `${rule} ${resource}`);
      expect(before.filter((finding) => !after.includes(finding))).toEqual([`${rule} ${resource}`]);
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });
});
