import { Corpus } from '../../patterns/pattern';
import { call, callers, each, look, onTheBus, refused } from '../records';

const group = (details: object = {}): Record<string, unknown> => ({ requestParameters: { groupId: 'sg-0a1b2c3d4e5f60718', ...details } });
const open = group({ ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] } });
const ingress = call('ec2', 'AuthorizeSecurityGroupIngress', open);

/** Every change of a security group that succeeded, and nothing else (AUD-03). */
export const securityGroupChanges: Corpus = {
  id: 'SecurityGroupChanges',
  matches: Object.fromEntries([
    ...Object.entries(each([
      'AssociateSecurityGroupVpc', 'AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateSecurityGroup', 'DeleteSecurityGroup',
      'DisassociateSecurityGroupVpc', 'ModifySecurityGroupRules', 'RevokeSecurityGroupEgress', 'RevokeSecurityGroupIngress',
      'UpdateSecurityGroupRuleDescriptionsEgress', 'UpdateSecurityGroupRuleDescriptionsIngress',
    ], (eventName) => call('ec2', eventName, group()))),
    ['by the root user', { ...ingress, userIdentity: callers.root }],
    ['by a user, from the console', { ...ingress, userIdentity: callers.user, sessionCredentialFromConsole: 'true', userAgent: 'AWS Internal' }],
    ['by CloudFormation', { ...ingress, userIdentity: { ...callers.role, invokedBy: 'cloudformation.amazonaws.com' }, sourceIPAddress: 'cloudformation.amazonaws.com' }],
    ['to the world over IPv6', call('ec2', 'AuthorizeSecurityGroupIngress', group({ ipPermissions: { items: [{ ipProtocol: '-1', ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } }] } }))],
  ].map(([title, record]) => [title as string, onTheBus(record as Record<string, unknown>)])),
  ignores: {
    'a look at the groups': onTheBus(look('ec2', 'DescribeSecurityGroups')),
    'a look at their rules': onTheBus(look('ec2', 'DescribeSecurityGroupRules')),
    'a change that was refused': onTheBus(refused('ec2', 'AuthorizeSecurityGroupIngress', 'Client.UnauthorizedOperation', open)),
    'a dry run': onTheBus(refused('ec2', 'AuthorizeSecurityGroupIngress', 'Client.DryRunOperation', open)),
    'a rule that is there already': onTheBus(refused('ec2', 'AuthorizeSecurityGroupIngress', 'Client.InvalidPermission.Duplicate', open)),
    'another change of EC2': onTheBus(call('ec2', 'CreateNetworkAclEntry')),
    'a security group of RDS': onTheBus(call('rds', 'AuthorizeDBSecurityGroupIngress')),
    'a tag on a group': onTheBus(call('ec2', 'CreateTags', group())),
    'an event that anyone put on the bus': onTheBus(ingress, { source: 'com.example.forged' }),
    'an event of the service, not a call': onTheBus(ingress, { 'detail-type': 'AWS Service Event via CloudTrail' }),
    'a record of another service in the name of EC2': onTheBus({ ...ingress, eventSource: 'elasticache.amazonaws.com' }, { source: 'aws.ec2' }),
  },
};

/** What can open a security group, and nothing else: least of all what closes it, which the rule's own function does (AUD-27). */
export const openedSecurityGroups: Corpus = {
  id: 'Opened',
  matches: {
    'a new rule': onTheBus(ingress),
    'a changed rule': onTheBus(call('ec2', 'ModifySecurityGroupRules', group())),
    'by the root user': onTheBus({ ...ingress, userIdentity: callers.root }),
    'by a user, from the console': onTheBus({ ...ingress, userIdentity: callers.user, sessionCredentialFromConsole: 'true', userAgent: 'AWS Internal' }),
    'by CloudFormation': onTheBus({ ...ingress, userIdentity: { ...callers.role, invokedBy: 'cloudformation.amazonaws.com' }, sourceIPAddress: 'cloudformation.amazonaws.com' }),
  },
  ignores: {
    'a rule that is taken away': onTheBus(call('ec2', 'RevokeSecurityGroupIngress', open)),
    'a way out': onTheBus(call('ec2', 'AuthorizeSecurityGroupEgress', open)),
    'a description': onTheBus(call('ec2', 'UpdateSecurityGroupRuleDescriptionsIngress', open)),
    'a new group': onTheBus(call('ec2', 'CreateSecurityGroup')),
    'a rule that was refused': onTheBus(refused('ec2', 'AuthorizeSecurityGroupIngress', 'Client.UnauthorizedOperation', open)),
    'a dry run': onTheBus(refused('ec2', 'AuthorizeSecurityGroupIngress', 'Client.DryRunOperation', open)),
    'a security group of RDS': onTheBus(call('rds', 'AuthorizeDBSecurityGroupIngress')),
    'an event that anyone put on the bus': onTheBus(ingress, { source: 'com.example.forged' }),
    'an event of the service, not a call': onTheBus(ingress, { 'detail-type': 'AWS Service Event via CloudTrail' }),
    'a record of another service in the name of EC2': onTheBus({ ...ingress, eventSource: 'elasticache.amazonaws.com' }, { source: 'aws.ec2' }),
  },
};
