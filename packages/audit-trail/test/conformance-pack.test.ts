import { parse } from 'yaml';
import { ConfigRuleSet } from '../src';
import { conformancePackTemplate } from '../src/private/conformance-pack';

describe('AUD-22 the template of a conformance pack (C-03)', () => {
  const sets = [ConfigRuleSet.CIS, ConfigRuleSet.STORAGE, ConfigRuleSet.NETWORK, ConfigRuleSet.IDENTITY];
  const distinctRules = [...new Map(sets.flatMap((set) => set.rules).map((rule) => [rule.identifier, rule])).values()];

  test('says of every rule what AWS calls it and what it is told, and nothing else', () => {
    const rules = [{ identifier: 'EIP_ATTACHED' }, { identifier: 'S3_BUCKET_VERSIONING_ENABLED', parameters: { isMfaDeleteEnabled: 'false', other: '90' } }];
    expect(parse(conformancePackTemplate(rules))).toEqual({
      Resources: {
        EipAttached: { Type: 'AWS::Config::ConfigRule', Properties: { ConfigRuleName: 'eip-attached', Source: { Owner: 'AWS', SourceIdentifier: 'EIP_ATTACHED' } } },
        S3BucketVersioningEnabled: {
          Type: 'AWS::Config::ConfigRule',
          Properties: {
            ConfigRuleName: 's3-bucket-versioning-enabled', Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_VERSIONING_ENABLED' },
            InputParameters: { isMfaDeleteEnabled: 'false', other: '90' },
          },
        },
      },
    });
  });

  test.each(['a: b', "it's", 'say "no"', 'one\ntwo', '#none', '[x]', '', 'back\\slash', 'é'])('a parameter arrives as it is: %j', (told) => {
    const { Resources } = parse(conformancePackTemplate([{ identifier: 'EIP_ATTACHED', parameters: { told } }])) as { Resources: Record<string, { Properties: { InputParameters: unknown } }> };
    expect(Resources.EipAttached.Properties.InputParameters).toEqual({ told });
  });

  test('no two rules have one name or one id, and each can be a name of AWS Config', () => {
    const { Resources } = parse(conformancePackTemplate(distinctRules)) as { Resources: Record<string, { Properties: { ConfigRuleName: string } }> };
    expect(Object.keys(Resources)).toHaveLength(distinctRules.length);
    expect(new Set(Object.values(Resources).map(({ Properties }) => Properties.ConfigRuleName)).size).toBe(distinctRules.length);
    for (const id of Object.keys(Resources)) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
  });

  test('is a small part of what a template may be: all rules of the sets take less than 6,000 bytes', () => {
    expect(Buffer.byteLength(conformancePackTemplate(distinctRules))).toBeLessThan(6_000);
  });
});
