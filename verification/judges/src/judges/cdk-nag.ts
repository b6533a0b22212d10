import * as path from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, IApplyRule, NagRuleCompliance, NagRuleResult } from 'cdk-nag';
import { Examination, Finding, Judge } from '../judge';
import { readTemplate } from '../read-template';
import { Template } from '../templates';

/**
 * cdk-nag's AwsSolutions pack, over the template rather than the constructs: so it sees what is deployed, and CDK's own
 * custom resources too, which are no L1 of their type in the construct tree.
 */
export const cdkNag: Judge = {
  name: 'cdk-nag',
  floor: 15,
  canary: ['AwsSolutions-S1', 'AwsSolutions-S10', 'AwsSolutions-EC23', 'AwsSolutions-IAM5[Action::*]'],
  examine: (files) => Promise.resolve(new Map(files.map((file) => [file, examine(file)]))),
};

function examine(file: string): Examination {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Judged');
  const include = new CfnInclude(stack, path.basename(file, '.json'), { templateFile: file });
  heedAcknowledgements(include, readTemplate(file));
  const pack = new CountingPack();
  const findings = (pack.validateScope(stack).violations).flatMap(({ ruleName, description, violatingResources }): Finding[] =>
    violatingResources.map((resource) => ({ rule: ruleName, resource: logicalIdIn(resource), message: description })));
  return { rules: [...pack.looked], findings };
}

/**
 * The pack of this version is told through constructs; what it wants to know stands in the template.
 *
 * Written where `Validations.acknowledge` writes, which refuses the id of a finding on an ARN of IAM: it holds more than one `::`.
 */
function heedAcknowledgements(include: CfnInclude, template: Template): void {
  for (const [logicalId, { Metadata }] of Object.entries(template.Resources)) {
    const known = (Metadata?.cdk_nag as { rules_to_suppress: { id: string; reason: string }[] } | undefined)?.rules_to_suppress ?? [];
    if (known.length === 0) continue;
    const acknowledged = Object.fromEntries(known.map(({ id, reason }) => [id, reason]));
    include.getResource(logicalId).node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, acknowledged);
  }
}

function logicalIdIn(resource: object): string {
  return (resource as { constructPath: string }).constructPath.split('/').at(-1)!;
}

/** A pack that remembers which of its rules had something to look at. */
class CountingPack extends AwsSolutionsChecks {
  public readonly looked = new Set<string>();

  protected applyRule(parameters: IApplyRule): void {
    const name = parameters.ruleSuffixOverride ?? parameters.rule.name;
    const rule = (node: CfnResource): NagRuleResult => {
      const result = parameters.rule(node);
      if (result !== NagRuleCompliance.NOT_APPLICABLE) this.looked.add(name);
      return result;
    };
    super.applyRule({ ...parameters, rule, ruleSuffixOverride: name });
  }
}
