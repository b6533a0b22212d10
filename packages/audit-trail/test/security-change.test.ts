import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ApiCall } from '../handlers/security-change-watch/api-call';
import { assess } from '../handlers/security-change-watch/assess';
import { MonitoredActivity, SecurityChange, SecurityChangeWatch } from '../src';
import { ESCALATION_PATHS } from '../src/escalation-paths';
import { stackInFrankfurt } from './_helpers/stacks';

const call = (eventName: string, requestParameters: unknown = {}, more: Partial<ApiCall> = {}): ApiCall => ({
  eventID: '1', eventName, requestParameters, userIdentity: { arn: 'arn:aws:iam::111122223333:user/alice' }, recipientAccountId: '111122223333', ...more,
});

describe('AUD-24 further changes', () => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt();
    topic = new sns.Topic(stack, 'Topic');
  });
  const template = () => Template.fromStack(stack);

  test('listens to security groups only when nothing else is asked for', () => {
    expect(new SecurityChangeWatch(stack, 'Watch', { topic }).furtherRules).toEqual([]);
    template().resourceCountIs('AWS::Events::Rule', 1);
  });

  test('listens to exactly the successful calls of each kind, once, and tells the same function', () => {
    const { furtherRules, function: told, failedEvents } = new SecurityChangeWatch(stack, 'Watch', {
      topic, furtherChanges: [...SecurityChange.all(), SecurityChange.KEYS],
    });
    expect(furtherRules.map(({ node }) => node.id)).toEqual(SecurityChange.all().map(({ id }) => id));
    template().resourceCountIs('AWS::Events::Rule', 8);
    for (const { service, calls } of SecurityChange.all()) {
      template().hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          'source': [`aws.${service}`],
          'detail-type': ['AWS API Call via CloudTrail'],
          'detail': { eventSource: [`${service}.amazonaws.com`], eventName: calls, errorCode: [{ exists: false }] },
        },
        Targets: [Match.objectLike({ Arn: stack.resolve(told.functionArn), DeadLetterConfig: { Arn: stack.resolve(failedEvents.queueArn) } })],
      });
    }
  });

  test('no call is of two kinds, or reads only', () => {
    const calls = SecurityChange.all().flatMap((change) => change.calls);
    expect(new Set(calls).size).toBe(calls.length);
    expect(calls.filter((name) => /^(Get|List|Describe)/.test(name))).toEqual([]);
  });

  test.each<[string, SecurityChange, MonitoredActivity]>([
    ['network ACLs', SecurityChange.NETWORK_ACLS, MonitoredActivity.NETWORK_ACL_CHANGES],
    ['routes', SecurityChange.ROUTES, MonitoredActivity.ROUTE_TABLE_CHANGES],
    ['gateways', SecurityChange.GATEWAYS, MonitoredActivity.GATEWAY_CHANGES],
    ['identities', SecurityChange.IDENTITIES, MonitoredActivity.IAM_POLICY_CHANGES],
    ['trails', SecurityChange.TRAILS, MonitoredActivity.CLOUDTRAIL_CHANGES],
    ['keys', SecurityChange.KEYS, MonitoredActivity.KEY_DELETION],
    ['buckets', SecurityChange.BUCKETS, MonitoredActivity.BUCKET_POLICY_CHANGES],
  ])('tells all of %s that CIS counts', (_, { calls }, activity) => {
    const counted = [...activity.pattern().matchAll(/\$\.eventName = (\w+)/g)].map(([, name]) => name);
    expect(counted).not.toEqual([]);
    expect(calls).toEqual(expect.arrayContaining(counted));
  });

  test('tells every call of IAM that is a part of a known way to more permissions (AUD-25)', () => {
    const calls = ESCALATION_PATHS.flatMap(({ needs }) => needs).filter((action) => action.startsWith('iam:') && action !== 'iam:PassRole');
    expect(new Set(calls).size).toBeGreaterThan(20);
    expect(SecurityChange.IDENTITIES.calls.map((name) => `iam:${name}`)).toEqual(expect.arrayContaining(calls));
  });

  test('no kind has a longer pattern than EventBridge takes', () => {
    new SecurityChangeWatch(stack, 'Watch', { topic, furtherChanges: SecurityChange.all() });
    for (const { Properties } of Object.values(template().findResources('AWS::Events::Rule'))) {
      expect(JSON.stringify(Properties.EventPattern).length).toBeLessThanOrEqual(2048);
    }
  });

  describe('identities are heard of in one region', () => {
    const warnings = (region?: string, furtherChanges = SecurityChange.all()) => {
      const there = new Stack(new App(), 'There', { env: { region } });
      new SecurityChangeWatch(there, 'Watch', { topic: new sns.Topic(there, 'Topic'), furtherChanges });
      return Annotations.fromStack(there).findWarning('*', Match.stringLikeRegexp('SecurityChange.IDENTITIES.*audit-trail:AUD-24'));
    };

    test.each(['eu-central-1', 'us-gov-east-1', 'cn-northwest-1'])('warns in %s', (region) => {
      expect(warnings(region)).toHaveLength(1);
    });

    test.each(['us-east-1', 'us-gov-west-1', 'cn-north-1', undefined])('does not warn in %s', (region) => {
      expect(warnings(region)).toEqual([]);
    });

    test('does not warn of the other kinds', () => {
      expect(warnings('eu-central-1', [SecurityChange.TRAILS, SecurityChange.BUCKETS])).toEqual([]);
    });
  });
});

describe('AUD-24 what is told about further changes', () => {
  const entry = (more: object) => ({ networkAclId: 'acl-1', ruleAction: 'allow', egress: false, cidrBlock: '0.0.0.0/0', ...more });
  const route = (more: object) => ({ routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1', ...more });
  const bucketPolicy = (statement: object) => ({ bucketName: 'store', bucketPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', ...statement }] } });
  const text = (statement: object) => JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS: '*' }, ...statement } });
  const block = (more: object = {}) => ({
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true, ...more },
  });

  test.each<[string, ApiCall, string[]]>([
    ['an inbound entry', call('CreateNetworkAclEntry', entry({})), ['an inbound entry from 0.0.0.0/0']],
    ['an inbound entry of IPv6', call('ReplaceNetworkAclEntry', entry({ cidrBlock: undefined, ipv6CidrBlock: '::/0' })), ['an inbound entry from ::/0']],
    ['a route to an internet gateway', call('CreateRoute', route({})), ['a default route to igw-1']],
    ['a route of IPv6', call('ReplaceRoute', route({ destinationCidrBlock: undefined, destinationIpv6CidrBlock: '::/0' })), ['a default route to igw-1']],
    ['a bucket', call('PutBucketPolicy', bucketPolicy({})), ['a bucket policy for everybody']],
    ['a bucket, by every principal of AWS', call('PutBucketPolicy', bucketPolicy({ Principal: { AWS: ['*'] } })), ['a bucket policy for everybody']],
    ['a bucket, by all but one', call('PutBucketPolicy', bucketPolicy({ Principal: undefined, NotPrincipal: { AWS: 'a' } })), ['a bucket policy for everybody']],
    ['a bucket, over TLS', call('PutBucketPolicy', bucketPolicy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })), ['a bucket policy for everybody']],
    ['a bucket, by a list', call('PutBucketAcl', { 'bucketName': 'store', 'x-amz-acl': ['public-read'] }), ['an access control list for everybody']],
    ['a bucket, by a list of grants', call('PutBucketAcl', { AccessControlPolicy: { AccessControlList: { Grant: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' } }] } } }), ['an access control list for everybody']],
    ['public access, by one switch', call('PutBucketPublicAccessBlock', block({ RestrictPublicBuckets: false })), ['public access without RestrictPublicBuckets']],
    ['public access, by leaving switches out', call('PutAccountPublicAccessBlock', block({ BlockPublicAcls: undefined, IgnorePublicAcls: 'false' })), ['public access without BlockPublicAcls, IgnorePublicAcls']],
    ['public access of a bucket', call('DeleteBucketPublicAccessBlock'), ['public access is no longer blocked']],
    ['public access of all buckets', call('DeleteAccountPublicAccessBlock'), ['public access is no longer blocked in the account']],
    ['a key', call('PutKeyPolicy', { keyId: 'key-1', policy: text({}) }), ['a key policy for everybody']],
    ['a new role', call('CreateRole', { roleName: 'deployer', assumeRolePolicyDocument: text({}) }), ['a role policy for everybody']],
    ['a role', call('UpdateAssumeRolePolicy', { roleName: 'deployer', policyDocument: text({}) }), ['a role policy for everybody']],
  ])('says that %s is open to the world', (_, what, opened) => {
    expect(assess(what)).toMatchObject({ openToTheWorld: true, opened });
  });

  test.each<[string, ApiCall]>([
    ['an outbound entry', call('CreateNetworkAclEntry', entry({ egress: true }))],
    ['an entry that denies', call('CreateNetworkAclEntry', entry({ ruleAction: 'deny' }))],
    ['an entry for a network', call('CreateNetworkAclEntry', entry({ cidrBlock: '10.0.0.0/10' }))],
    ['a route to a NAT gateway', call('ReplaceRoute', route({ gatewayId: undefined, natGatewayId: 'nat-1' }))],
    ['a route of one network', call('CreateRoute', route({ destinationCidrBlock: '203.0.113.0/24' }))],
    ['a bucket policy that denies', call('PutBucketPolicy', bucketPolicy({ Effect: 'Deny' }))],
    ['a bucket policy for a role', call('PutBucketPolicy', bucketPolicy({ Principal: { AWS: 'arn:aws:iam::111122223333:role/a' } }))],
    ['a bucket policy for an organization', call('PutBucketPolicy', bucketPolicy({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }))],
    ['a bucket policy for an endpoint', call('PutBucketPolicy', bucketPolicy({ Condition: { StringEquals: { 'AWS:SourceVpce': 'vpce-1' } } }))],
    ['a private access control list', call('PutBucketAcl', { 'bucketName': 'store', 'x-amz-acl': ['private'] })],
    ['public access blocked', call('PutBucketPublicAccessBlock', block())],
    ['a key policy for the account', call('PutKeyPolicy', { policy: text({ Condition: { StringEquals: { 'kms:CallerAccount': '111122223333' } } }) })],
    ['a policy that cannot be read', call('PutKeyPolicy', { policy: '{"Statement":[{"Effect":"All' })],
    ['a trail that was stopped', call('StopLogging', { name: 'trail' })],
  ])('tells of %s and does not call it open', (_, what) => {
    expect(assess(what)).toMatchObject({ openToTheWorld: false, opened: [] });
  });

  test.each<[string, ApiCall, string]>([
    ['the ACL, not its network', call('CreateNetworkAcl', { vpcId: 'vpc-1' }, { responseElements: { networkAcl: { networkAclId: 'acl-9', vpcId: 'vpc-1' } } }), 'acl-9'],
    ['a gateway in a wrapped request', call('DeleteNatGateway', { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } }), 'nat-1'],
    ['a gateway in a wrapped answer', call('CreateNatGateway', {}, { responseElements: { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1' } } } }), 'nat-1'],
    ['the role, not the policy that it got', call('AttachRolePolicy', { roleName: 'deployer', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }), 'deployer'],
    ['the user whose key was made', call('CreateAccessKey', null, { responseElements: { accessKey: { userName: 'alice', accessKeyId: 'AKIA' } } }), 'alice'],
    ['the policy', call('CreatePolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/p' }), 'arn:aws:iam::111122223333:policy/p'],
    ['the trail', call('PutEventSelectors', { trailName: 'trail' }), 'trail'],
    ['the key, not the name of its policy', call('PutKeyPolicy', { keyId: 'key-1', policyName: 'default' }), 'key-1'],
    ['the key, not its alias', call('UpdateAlias', { aliasName: 'alias/store', targetKeyId: 'key-2' }), 'key-2'],
    ['the alias, where the key is not said', call('DeleteAlias', { aliasName: 'alias/store' }), 'alias/store'],
    ['the connection, not its gateway', call('CreateVpnConnection', { customerGatewayId: 'cgw-1' }, { responseElements: { vpnConnection: { vpnConnectionId: 'vpn-1' } } }), 'vpn-1'],
    ['the carrier gateway, not its network', call('CreateCarrierGateway', { CreateCarrierGatewayRequest: { VpcId: 'vpc-1' } }, { responseElements: { CreateCarrierGatewayResponse: { carrierGateway: { carrierGatewayId: 'cagw-1' } } } }), 'cagw-1'],
    ['the role of an instance profile', call('AddRoleToInstanceProfile', { instanceProfileName: 'web', roleName: 'deployer' }), 'deployer'],
    ['the bucket', call('DeleteBucketPolicy', { bucketName: 'store', Host: 'store.s3.amazonaws.com' }), 'store'],
    ['the account', call('DeleteAccountPublicAccessBlock', { publicAccessBlock: '' }), '111122223333'],
    ["'unknown', where nothing is recorded", call('CreateUser', null), 'unknown'],
  ])('names what was changed: %s', (_, what, resource) => {
    const finding = assess(what);
    expect(finding?.resource).toBe(resource);
    expect(finding?.group).toBeUndefined();
    expect(finding?.summary).toContain(`user/alice called ${what.eventName} on ${resource}`);
  });

  test('nothing about a call that was refused', () => {
    expect(assess(call('StopLogging', { name: 'trail' }, { errorCode: 'AccessDenied' }))).toBeUndefined();
  });
});
