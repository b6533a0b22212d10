import { ACCOUNT, REGION } from '../../deployment';
import { Corpus } from '../../patterns/pattern';

type Detail = Record<string, unknown>;

/** A finding as its service puts it on the bus. */
function finding(source: string, detailType: string, detail: Detail): object {
  return {
    'version': '0', 'id': '0f3b6c6a-0000-4000-8000-00000000000d', 'detail-type': detailType, 'source': source, 'account': ACCOUNT,
    'time': '2026-11-25T09:30:00Z', 'region': REGION, 'resources': [], 'detail': detail,
  };
}

const guardDuty = (severity: number, details: Detail = {}, detailType = 'GuardDuty Finding', source = 'aws.guardduty'): object => finding(source, detailType, {
  schemaVersion: '2.0', accountId: ACCOUNT, region: REGION, id: '16afba5c5c43e07c9e3e5e2e544e95df', type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
  severity, title: 'Credentials of an instance are used from outside', service: { serviceName: 'guardduty', archived: false, count: 1 }, ...details,
});

/** The construct tells of findings that are high or worse unless it is told otherwise (AUD-14). */
export const guardDutyFindings: Corpus = {
  id: 'GuardDutyFindings',
  matches: {
    'the mildest that is high': guardDuty(7),
    'high': guardDuty(8),
    'high, with a decimal': guardDuty(8.9),
    'critical': guardDuty(9),
    'a crypto miner on an instance': guardDuty(8, { type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS' }),
    'seen again': guardDuty(7.5, { service: { serviceName: 'guardduty', archived: false, count: 12 } }),
  },
  ignores: {
    'medium': guardDuty(5),
    'the worst that is medium': guardDuty(6.9),
    'low': guardDuty(2),
    'a malware scan that ended': guardDuty(8, {}, 'GuardDuty Malware Protection Object Scan Result'),
    'anybody else, in its words': guardDuty(8, {}, 'GuardDuty Finding', 'com.example.forged'),
  },
};

const analyzer = (status: string, details: Detail = {}, detailType = 'Access Analyzer Finding', source = 'aws.access-analyzer'): object => finding(source, detailType, {
  version: '1.0', id: '22222222-dcba-4444-dcba-333333333333', status, resourceType: 'AWS::S3::Bucket', resource: 'arn:aws:s3:::bucket', accountId: ACCOUNT, region: REGION,
  principal: { AWS: '444455556666' }, action: ['s3:GetObject'], condition: {}, isPublic: false, isDeleted: false, ...details,
});

/** Everything that can be reached from outside, as long as it can. */
export const accessAnalyzerFindings: Corpus = {
  id: 'AccessAnalyzerFindings',
  matches: {
    'a bucket for another account': analyzer('ACTIVE'),
    'a public bucket': analyzer('ACTIVE', { isPublic: true, principal: { AWS: '*' } }),
    'a role that another account may take': analyzer('ACTIVE', { resourceType: 'AWS::IAM::Role', action: ['sts:AssumeRole'] }),
    'a key': analyzer('ACTIVE', { resourceType: 'AWS::KMS::Key', action: ['kms:Decrypt'] }),
    'a queue': analyzer('ACTIVE', { resourceType: 'AWS::SQS::Queue', action: ['sqs:SendMessage'] }),
  },
  ignores: {
    'what was closed again': analyzer('RESOLVED'),
    'what was archived by hand': analyzer('ARCHIVED'),
    'what is gone': analyzer('RESOLVED', { isDeleted: true }),
    'a permission nobody uses': analyzer('ACTIVE', {}, 'Unused Access Finding for IAM entities'),
    'anybody else, in its words': analyzer('ACTIVE', {}, 'Access Analyzer Finding', 'com.example.forged'),
  },
};

const hub = (label: string, details: Detail = {}, detailType = 'Security Hub Findings - Imported', source = 'aws.securityhub'): object => finding(source, detailType, {
  findings: [{
    SchemaVersion: '2018-10-08', Id: `arn:aws:securityhub:${REGION}:${ACCOUNT}:security-control/S3.1/finding/a1`, ProductArn: `arn:aws:securityhub:${REGION}::product/aws/securityhub`,
    AwsAccountId: ACCOUNT, Severity: { Label: label, Normalized: 70 }, Title: 'Buckets should block public access', RecordState: 'ACTIVE', Workflow: { Status: 'NEW' },
    Compliance: { Status: 'FAILED' }, ...details,
  }],
});

const product = (name: string): Detail => ({ ProductArn: `arn:aws:securityhub:${REGION}:${name}` });

/** What Security Hub finds itself, and what is imported; what it repeats of the services that have a rule of their own they tell themselves. */
export const securityHubFindings: Corpus = {
  id: 'SecurityHubFindings',
  matches: {
    'high': hub('HIGH'),
    'critical': hub('CRITICAL'),
    'of another control': hub('HIGH', { Title: 'Hardware MFA should be on for the root user' }),
    'of another region': hub('HIGH', { ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub' }),
    'of the account itself': hub('HIGH', product(`${ACCOUNT}:product/${ACCOUNT}/default`)),
    'of another service': hub('HIGH', product(':product/aws/macie')),
    'of the product of somebody else': hub('CRITICAL', product(':product/example/scanner')),
    'in another partition': hub('CRITICAL', { ProductArn: 'arn:aws-cn:securityhub:cn-north-1::product/aws/securityhub' }),
  },
  ignores: {
    'medium': hub('MEDIUM'),
    'low': hub('LOW'),
    'what passes': hub('INFORMATIONAL', { Compliance: { Status: 'PASSED' } }),
    'what somebody is told of already': hub('HIGH', { Workflow: { Status: 'NOTIFIED' } }),
    'what somebody suppressed': hub('CRITICAL', { Workflow: { Status: 'SUPPRESSED' } }),
    'what is archived': hub('HIGH', { RecordState: 'ARCHIVED' }),
    'a finding of GuardDuty, repeated': hub('HIGH', product(':product/aws/guardduty')),
    'a finding of Inspector, repeated': hub('HIGH', product(':product/aws/inspector')),
    'a finding of Access Analyzer, repeated': hub('HIGH', product(':product/aws/access-analyzer')),
    'a custom action': hub('HIGH', {}, 'Security Hub Findings - Custom Action'),
    'anybody else, in its words': hub('HIGH', {}, 'Security Hub Findings - Imported', 'com.example.forged'),
  },
};

const inspector = (severity: string, details: Detail = {}, detailType = 'Inspector2 Finding', source = 'aws.inspector2'): object => finding(source, detailType, {
  awsAccountId: ACCOUNT, findingArn: `arn:aws:inspector2:${REGION}:${ACCOUNT}:finding/b2`, severity, status: 'ACTIVE', title: 'CVE-2026-0001 - openssl', type: 'PACKAGE_VULNERABILITY',
  exploitAvailable: 'NO', fixAvailable: 'YES', resources: [{ id: 'i-0a1b2c3d4e5f60718', type: 'AWS_EC2_INSTANCE' }], ...details,
});

/** Vulnerabilities that are high or worse, as long as they are open. */
export const inspectorFindings: Corpus = {
  id: 'InspectorFindings',
  matches: {
    'high': inspector('HIGH'),
    'critical': inspector('CRITICAL'),
    'with an exploit': inspector('HIGH', { exploitAvailable: 'YES' }),
    'in an image': inspector('CRITICAL', { resources: [{ id: 'arn:aws:ecr:image', type: 'AWS_ECR_CONTAINER_IMAGE' }] }),
    'an instance that the network can reach': inspector('HIGH', { type: 'NETWORK_REACHABILITY' }),
  },
  ignores: {
    'medium': inspector('MEDIUM'),
    'low': inspector('LOW'),
    'of unknown severity': inspector('UNTRIAGED'),
    'what is mended': inspector('HIGH', { status: 'CLOSED' }),
    'what is suppressed': inspector('CRITICAL', { status: 'SUPPRESSED' }),
    'a scan that ended': inspector('HIGH', {}, 'Inspector2 Scan'),
    'anybody else, in its words': inspector('HIGH', {}, 'Inspector2 Finding', 'com.example.forged'),
  },
};
