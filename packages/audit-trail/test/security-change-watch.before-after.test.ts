import { ApiCall } from '../handlers/security-change-watch/api-call';
import { assess } from '../handlers/security-change-watch/assess';

const call = (eventName: string, requestParameters: unknown = null, responseElements: unknown = null): ApiCall => ({ eventID: 'id', eventName, requestParameters, responseElements });

const ssh = { ipProtocol: 'tcp', fromPort: 22, toPort: 22 };
const permissions = (...items: object[]) => ({ groupId: 'sg-1', ipPermissions: { items } });
const revoked = (...items: object[]) => ({ _return: true, revokedSecurityGroupRuleSet: { items } });
const entry = { networkAclId: 'acl-1', ruleNumber: 100, egress: false, ruleAction: 'allow', icmpTypeCode: {} };

describe('AUD-03, AUD-24 before and after, where the event has it', () => {
  test.each<[string, ApiCall, string, string]>([
    ['a rule for a network', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } })), 'nothing', 'tcp 22 from 10.0.0.0/8'],
    ['a rule for a group', call('AuthorizeSecurityGroupEgress', permissions({ ipProtocol: '-1', groups: { items: [{ userId: '1', groupId: 'sg-2' }] } })), 'nothing', 'all traffic from sg-2'],
    ['a rule for a prefix list', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, prefixListIds: { items: [{ prefixListId: 'pl-1' }] } })), 'nothing', 'tcp 22 from pl-1'],
    ['what was taken away, by its answer', call('RevokeSecurityGroupIngress', { groupId: 'sg-1', securityGroupRuleIds: { items: [{ securityGroupRuleId: 'sgr-1' }] } },
      revoked({ groupId: 'sg-1', securityGroupRuleId: 'sgr-1', isEgress: false, ...ssh, cidrIpv4: '10.0.0.0/8', cidrIpv6: undefined }, { groupId: 'sg-1', ...ssh, referencedGroupId: 'sg-2' })),
    'tcp 22 from 10.0.0.0/8; tcp 22 from sg-2', 'nothing'],
    ['a new entry', call('CreateNetworkAclEntry', { ...entry, aclProtocol: '6', portRange: { from: 22, to: 22 }, cidrBlock: '10.0.0.0/8' }), 'nothing', '100: allow inbound from 10.0.0.0/8, protocol 6, ports 22-22'],
    ['another ACL for a subnet', call('ReplaceNetworkAclAssociation', { associationId: 'aclassoc-1', networkAclId: 'acl-2' }, { newAssociationId: 'aclassoc-2' }), 'aclassoc-1', 'aclassoc-2 with acl-2'],
    ['other routes for a subnet', call('ReplaceRouteTableAssociation', { associationId: 'rtbassoc-1', routeTableId: 'rtb-2' }, { newAssociationId: 'rtbassoc-2' }), 'rtbassoc-1', 'rtbassoc-2 with rtb-2'],
    ['a gateway that is attached', call('AttachInternetGateway', { internetGatewayId: 'igw-1', vpcId: 'vpc-1' }), 'nothing', 'vpc-1'],
    ['a gateway that is detached', call('DetachInternetGateway', { internetGatewayId: 'igw-1', vpcId: 'vpc-1' }), 'vpc-1', 'nothing'],
    ['a policy that is taken from a role', call('DetachRolePolicy', { roleName: 'deployer', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }), 'arn:aws:iam::aws:policy/ReadOnlyAccess', 'nothing'],
    ['an inline policy that is deleted', call('DeleteUserPolicy', { userName: 'alice', policyName: 'own' }), 'own', 'nothing'],
  ])('%s', (_, what, before, after) => {
    expect(assess(what)).toMatchObject({ before, after, summary: expect.stringContaining(`: ${before} → ${after}`) });
  });

  test.each<[string, ApiCall, string]>([
    ['a changed rule', call('ModifySecurityGroupRules', { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: { SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '10.0.0.0/8' } } } }), 'tcp 22 from 10.0.0.0/8'],
    ['a replaced entry', call('ReplaceNetworkAclEntry', { ...entry, egress: true, aclProtocol: '-1', portRange: {}, ipv6CidrBlock: '::/0' }), '100: allow outbound to ::/0'],
    ['a replaced route', call('ReplaceRoute', { routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' }), '0.0.0.0/0 by igw-1'],
    ['a policy for a role, which may have had it', call('AttachRolePolicy', { roleName: 'deployer', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }), 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
    ['another version of a policy', call('SetDefaultPolicyVersion', { policyArn: 'arn:aws:iam::1:policy/p', versionId: 'v2' }), 'v2'],
    ['a key that will be deleted', call('ScheduleKeyDeletion', { keyId: 'key-1' }, { keyId: 'key-1', keyState: 'PendingDeletion' }), 'PendingDeletion'],
    ['public access', call('PutBucketPublicAccessBlock', { bucketName: 'store', PublicAccessBlockConfiguration: { xmlns: 'http://s3', BlockPublicAcls: true, BlockPublicPolicy: false } }), 'BlockPublicAcls true, BlockPublicPolicy false'],
  ])('of %s only what is there now', (_, what, after) => {
    const finding = assess(what)!;
    expect(finding).toMatchObject({ after, summary: expect.stringContaining(`: not recorded → ${after}`) });
    expect(finding.before).toBeUndefined();
  });

  test.each<[string, ApiCall]>([
    ['a rule of a default network that was not there', call('RevokeSecurityGroupIngress', permissions({ ...ssh, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } }), { _return: true, unknownIpPermissionSet: { items: [ssh] } })],
    ['a deleted group', call('DeleteSecurityGroup', { groupId: 'sg-1' })],
    ['a deleted entry, which is a number', call('DeleteNetworkAclEntry', { networkAclId: 'acl-1', ruleNumber: 100, egress: false })],
    ['a stopped trail, which may have stood still', call('StopLogging', { name: 'trail' })],
    ['a key that is disabled, which may have been', call('DisableKey', { keyId: 'key-1' })],
    ['a bucket policy', call('DeleteBucketPolicy', { bucketName: 'store' })],
    ['a route without a destination', call('ReplaceRoute', { routeTableId: 'rtb-1', gatewayId: 'igw-1' })],
  ])('of %s nothing', (_, what) => {
    const finding = assess(what)!;
    expect([finding.before, finding.after]).toEqual([undefined, undefined]);
    expect(finding.summary).not.toContain('→');
  });
});
