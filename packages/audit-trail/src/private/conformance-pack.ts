import { ManagedConfigRule } from '../config-rule-set';
import { ruleId } from './rule-id';

/**
 * The template of a conformance pack with these rules. AWS Config adds `-conformance-pack-…` to their names, so that they stand beside
 * rules of the same name. In YAML, as AWS asks for.
 */
export function conformancePackTemplate(rules: ManagedConfigRule[]): string {
  return ['Resources:', ...rules.flatMap(resource)].join('\n');
}

function resource({ identifier, parameters }: ManagedConfigRule): string[] {
  return [
    ` ${ruleId(identifier)}:`,
    '  Type: AWS::Config::ConfigRule',
    '  Properties:',
    '   Source:',
    '    Owner: AWS',
    `    SourceIdentifier: ${identifier}`,
    `   ConfigRuleName: ${identifier.toLowerCase().replaceAll('_', '-')}`,
    // JSON is YAML: what is told may have any characters
    ...parameters ? [`   InputParameters: ${JSON.stringify(parameters)}`] : [],
  ];
}
