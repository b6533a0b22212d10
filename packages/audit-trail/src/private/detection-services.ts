import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Severities in the words of Security Hub and Inspector, the mildest first, and where GuardDuty's numbers begin. */
export const SEVERITIES: Readonly<Record<string, number>> = { LOW: 1, MEDIUM: 4, HIGH: 7, CRITICAL: 9 };

/** A service that detects threats: how it is turned on, and which of its findings are told. */
export interface DetectionService {
  /** The name, which is a part of construct ids. */
  readonly id: string;
  /** What CloudFormation shows. */
  readonly name: string;
  /** The directory of its handler. */
  readonly handler: string;
  /** What turning it on needs. */
  readonly statements: (scope: IConstruct) => iam.PolicyStatement[];
  /** The findings of at least a severity. */
  readonly pattern: (severity: string) => events.EventPattern;
}

/** @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html */
export const GUARD_DUTY: DetectionService = {
  id: 'GuardDuty',
  name: 'GUARD_DUTY',
  handler: 'threat-detection/guard-duty',
  statements: (scope) => [
    // neither names a resource: the detector has no id yet
    allow('EnableGuardDuty', ['guardduty:CreateDetector', 'guardduty:ListDetectors'], ['*']),
    allow('ReadDetectors', ['guardduty:GetDetector'], [Stack.of(scope).formatArn({ service: 'guardduty', resource: 'detector', resourceName: '*' })]),
    serviceLinkedRoles(scope, {
      'guardduty.amazonaws.com': 'AWSServiceRoleForAmazonGuardDuty',
      'malware-protection.guardduty.amazonaws.com': 'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
    }),
  ],
  pattern: (severity) => ({
    source: ['aws.guardduty'],
    detailType: ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', SEVERITIES[severity]] }] },
  }),
};

/**
 * Its findings of access from outside have no severity: all are told.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
 */
export const ACCESS_ANALYZER: DetectionService = {
  id: 'AccessAnalyzer',
  name: 'ACCESS_ANALYZER',
  handler: 'threat-detection/access-analyzer',
  statements: (scope) => [
    allow('CreateAnalyzer', ['access-analyzer:CreateAnalyzer'], [
      Stack.of(scope).formatArn({ service: 'access-analyzer', resource: 'analyzer', resourceName: 'external-access' }),
    ]),
    // listing has no resource that could be named
    allow('ListAnalyzers', ['access-analyzer:ListAnalyzers'], ['*']),
    serviceLinkedRoles(scope, { 'access-analyzer.amazonaws.com': 'AWSServiceRoleForAccessAnalyzer' }),
  ],
  pattern: () => ({
    source: ['aws.access-analyzer'],
    detailType: ['Access Analyzer Finding'],
    detail: { status: ['ACTIVE'] },
  }),
};

/** What Security Hub repeats, and a rule here tells already, by the end of the ARN of the product. */
const TOLD_ALREADY = ['access-analyzer', 'guardduty', 'inspector'].map((product) => `::product/aws/${product}`);

/**
 * Security Hub repeats the findings of the other services, which are told by their own rules. Its own checks are told by this one, and what
 * products of others and the account itself import.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export const SECURITY_HUB: DetectionService = {
  id: 'SecurityHub',
  name: 'SECURITY_HUB',
  handler: 'threat-detection/security-hub',
  statements: (scope) => [
    allow('EnableSecurityHub', ['securityhub:DescribeHub', 'securityhub:EnableSecurityHub'], [
      Stack.of(scope).formatArn({ service: 'securityhub', resource: 'hub', resourceName: 'default' }),
    ]),
    serviceLinkedRoles(scope, { 'securityhub.amazonaws.com': 'AWSServiceRoleForSecurityHub' }),
  ],
  pattern: (severity) => ({
    source: ['aws.securityhub'],
    detailType: ['Security Hub Findings - Imported'],
    detail: {
      findings: {
        ProductArn: [{ 'anything-but': { suffix: TOLD_ALREADY } }],
        RecordState: ['ACTIVE'],
        Severity: { Label: atLeast(severity) },
        Workflow: { Status: ['NEW'] },
      },
    },
  }),
};

/** @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
export const INSPECTOR: DetectionService = {
  id: 'Inspector',
  name: 'INSPECTOR',
  handler: 'threat-detection/inspector',
  statements: (scope) => [
    // both are about the account, which is no resource
    allow('EnableInspector', ['inspector2:BatchGetAccountStatus', 'inspector2:Enable'], ['*']),
    serviceLinkedRoles(scope, {
      'inspector2.amazonaws.com': 'AWSServiceRoleForAmazonInspector2',
      'agentless.inspector2.amazonaws.com': 'AWSServiceRoleForAmazonInspector2Agentless',
    }),
  ],
  pattern: (severity) => ({
    source: ['aws.inspector2'],
    detailType: ['Inspector2 Finding'],
    detail: { severity: atLeast(severity), status: ['ACTIVE'] },
  }),
};

function atLeast(severity: string): string[] {
  return Object.keys(SEVERITIES).filter((name) => SEVERITIES[name] >= SEVERITIES[severity]);
}

/** The services make these roles in the name of whoever turns them on: by service, the name that it gives its role. */
function serviceLinkedRoles(scope: IConstruct, roles: Record<string, string>): iam.PolicyStatement {
  const arnOf = ([service, role]: [string, string]) =>
    Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${service}/${role}` });
  return new iam.PolicyStatement({
    sid: 'CreateServiceLinkedRoles',
    actions: ['iam:CreateServiceLinkedRole'],
    resources: Object.entries(roles).map(arnOf),
    conditions: { StringEquals: { 'iam:AWSServiceName': Object.keys(roles) } },
  });
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
