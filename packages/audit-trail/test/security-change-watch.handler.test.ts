const send = jest.fn();
jest.mock('@aws-sdk/client-sns', () => ({
  SNSClient: jest.fn(() => ({ send: (...call: unknown[]) => send(...call) })),
  PublishCommand: jest.fn((input: object) => ({ input })),
}));

import { ApiCall, MalformedEvent, parse } from '../handlers/security-change-watch/api-call';
import { assess } from '../handlers/security-change-watch/assess';
import { handler } from '../handlers/security-change-watch/index';
import { SECURITY_GROUP_CALLS } from '../src/private/security-group-calls';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alerts';
const ALICE = 'arn:aws:iam::111122223333:user/alice';

const call = (eventName: string, requestParameters: unknown, more: Partial<ApiCall> = {}): ApiCall => ({
  eventID: '11111111-2222-3333-4444-555555555555',
  eventName,
  eventTime: '2026-11-23T07:00:00Z',
  awsRegion: 'eu-central-1',
  recipientAccountId: '111122223333',
  sourceIPAddress: '198.51.100.7',
  userAgent: 'aws-cli/2.0',
  userIdentity: { type: 'IAMUser', arn: ALICE },
  requestParameters,
  ...more,
});
const permissions = (...items: object[]) => ({ groupId: 'sg-1', ipPermissions: { items } });
const ssh = { ipProtocol: 'tcp', fromPort: 22, toPort: 22 };
const WORLD = { ...ssh, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } };
const modified = (rule: object) => ({ ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: rule } });

describe('AUD-03 every change (B-11)', () => {
  test.each<[string, ApiCall, string[]]>([
    ['SSH from all of IPv4', call('AuthorizeSecurityGroupIngress', permissions(WORLD)), ['inbound tcp 22 from 0.0.0.0/0']],
    ['SSH from all of IPv6', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } })), ['inbound tcp 22 from ::/0']],
    ['all traffic', call('AuthorizeSecurityGroupIngress', permissions({ ipProtocol: '-1', ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } })), ['inbound all traffic from 0.0.0.0/0']],
    ['a range of ports', call('AuthorizeSecurityGroupIngress', permissions({ ...WORLD, toPort: 80 })), ['inbound tcp 22-80 from 0.0.0.0/0']],
    ['the second rule of two', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } }, { ...WORLD, fromPort: 443, toPort: 443 })), ['inbound tcp 443 from 0.0.0.0/0']],
    ['both address families', call('AuthorizeSecurityGroupIngress', permissions({ ...WORLD, ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } })), ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from ::/0']],
    ['the old form with flat parameters', call('AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ...ssh, cidrIp: '0.0.0.0/0', ipPermissions: {} }), ['inbound tcp 22 from 0.0.0.0/0']],
    ['a changed rule', call('ModifySecurityGroupRules', modified({ SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' } })), ['changed rule tcp 22 from 0.0.0.0/0']],
    ['one changed rule of a list', call('ModifySecurityGroupRules', modified([{ SecurityGroupRule: { CidrIpv4: '10.0.0.0/8' } }, { SecurityGroupRule: { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIpv6: '::/0' } }])), ['changed rule udp 53 from ::/0']],
  ])('says that %s is open to the world', (_, apiCall, opened) => {
    expect(assess(apiCall)).toMatchObject({ openToTheWorld: true, opened, group: 'sg-1' });
  });

  test.each<[string, ApiCall]>([
    ['one address', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, ipRanges: { items: [{ cidrIp: '198.51.100.7/32' }] } }))],
    ['a network whose prefix ends with a zero', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, ipRanges: { items: [{ cidrIp: '10.0.0.0/10' }] } }))],
    ['another group', call('AuthorizeSecurityGroupIngress', permissions({ ...ssh, groups: { items: [{ groupId: 'sg-2' }] } }))],
    ['the way out', call('AuthorizeSecurityGroupEgress', permissions(WORLD))],
    ['a rule that was taken away', call('RevokeSecurityGroupIngress', permissions(WORLD))],
    ['a description', call('UpdateSecurityGroupRuleDescriptionsIngress', permissions(WORLD))],
    ['a rule changed to a network', call('ModifySecurityGroupRules', modified({ SecurityGroupRule: { CidrIpv4: '10.0.0.0/8' } }))],
  ])('tells of %s and does not call it open', (_, apiCall) => {
    expect(assess(apiCall)).toMatchObject({ openToTheWorld: false, opened: [], group: 'sg-1' });
  });

  test.each<[string, ApiCall, string]>([
    ['its id', call('DeleteSecurityGroup', { groupId: 'sg-1' }), 'sg-1'],
    ['its name, where no id was given', call('DeleteSecurityGroup', { groupName: 'web' }), 'web'],
    ['the id it was given when it was made', call('CreateSecurityGroup', { groupName: 'web' }, { responseElements: { groupId: 'sg-9' } }), 'sg-9'],
    ['the id in a wrapped request', call('AssociateSecurityGroupVpc', { AssociateSecurityGroupVpcRequest: { GroupId: 'sg-1', VpcId: 'vpc-1' } }), 'sg-1'],
    ["'unknown', where nothing is recorded", call('DeleteSecurityGroup', null), 'unknown'],
  ])('names the group by %s', (_, apiCall, group) => {
    expect(assess(apiCall)?.group).toBe(group);
  });

  test.each<[string, ApiCall['userIdentity'], string]>([
    ['the user', { arn: ALICE, principalId: 'AIDA' }, ALICE],
    ['the service that called', { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }, 'autoscaling.amazonaws.com'],
    ['the principal', { principalId: 'AIDA' }, 'AIDA'],
    ['the type', { type: 'Root' }, 'Root'],
    ["'unknown', where nothing is recorded", undefined, 'unknown'],
  ])('says who did it: %s', (_, userIdentity, who) => {
    expect(assess(call('DeleteSecurityGroup', {}, { userIdentity }))?.who).toBe(who);
  });

  test('says who did what to which group, from where, in one sentence and in fields', () => {
    expect(assess(call('AuthorizeSecurityGroupIngress', permissions(WORLD)))).toEqual({
      summary: `OPEN TO THE WORLD (inbound tcp 22 from 0.0.0.0/0): ${ALICE} called AuthorizeSecurityGroupIngress on sg-1: nothing → tcp 22 from 0.0.0.0/0`,
      openToTheWorld: true,
      opened: ['inbound tcp 22 from 0.0.0.0/0'],
      group: 'sg-1',
      what: 'AuthorizeSecurityGroupIngress',
      before: 'nothing',
      after: 'tcp 22 from 0.0.0.0/0',
      who: ALICE,
      fromWhere: '198.51.100.7',
      userAgent: 'aws-cli/2.0',
      when: '2026-11-23T07:00:00Z',
      account: '111122223333',
      region: 'eu-central-1',
      eventId: '11111111-2222-3333-4444-555555555555',
      request: permissions(WORLD),
    });
  });

  test.each(SECURITY_GROUP_CALLS)('tells of %s', (eventName) => {
    expect(assess(call(eventName, { groupId: 'sg-1' }))?.summary).toBe(`${ALICE} called ${eventName} on sg-1`);
  });

  test('says nothing about a call that was refused', () => {
    expect(assess(call('AuthorizeSecurityGroupIngress', permissions(WORLD), { errorCode: 'Client.UnauthorizedOperation' }))).toBeUndefined();
  });
});

describe('AUD-04 no event is lost (B-11)', () => {
  const opened = { id: 'event-1', detail: call('AuthorizeSecurityGroupIngress', permissions(WORLD)) };
  let logged: jest.SpyInstance;
  const lines = () => logged.mock.calls.map(([line]) => JSON.parse(line));
  beforeEach(() => {
    process.env.TOPIC_ARN = TOPIC;
    send.mockReset().mockResolvedValue({});
    logged = jest.spyOn(console, 'log').mockImplementation();
  });
  afterEach(() => {
    logged.mockRestore();
    delete process.env.TOPIC_ARN;
  });

  test('publishes one message, by whose attributes a retry and an opening are known', async () => {
    await handler(opened);
    expect(send).toHaveBeenCalledTimes(1);
    const { input } = send.mock.calls[0][0];
    expect(input).toMatchObject({
      TopicArn: TOPIC,
      Subject: 'Security group opened to the world',
      MessageAttributes: {
        eventId: { DataType: 'String', StringValue: opened.detail.eventID },
        eventName: { DataType: 'String', StringValue: 'AuthorizeSecurityGroupIngress' },
        openToTheWorld: { DataType: 'String', StringValue: 'true' },
      },
    });
    expect(JSON.parse(input.Message)).toEqual(assess(opened.detail));
  });

  test('logs what it did as one line of JSON', async () => {
    await handler(opened);
    expect(lines()).toEqual([{ level: 'INFO', message: 'published', eventId: opened.detail.eventID, eventName: 'AuthorizeSecurityGroupIngress', openToTheWorld: true }]);
  });

  test('publishes nothing about a call that was refused', async () => {
    await handler({ detail: { ...opened.detail, errorCode: 'Client.DryRunOperation' } });
    expect(send).not.toHaveBeenCalled();
    expect(lines()).toMatchObject([{ level: 'INFO', message: 'nothing changed' }]);
  });

  test('fails when SNS does, after it logged why', async () => {
    send.mockRejectedValue(new Error('AuthorizationError'));
    await expect(handler(opened)).rejects.toThrow('AuthorizationError');
    expect(lines()).toEqual([{ level: 'ERROR', message: 'not published', error: 'Error: AuthorizationError', eventId: 'event-1' }]);
  });

  test('fails without a topic', async () => {
    delete process.env.TOPIC_ARN;
    await expect(handler(opened)).rejects.toThrow("'TOPIC_ARN' must be set");
    expect(send).not.toHaveBeenCalled();
  });

  test.each([undefined, null, 'text', [], {}, { detail: null }, { detail: [] }, { detail: { eventName: 'X' } }, { detail: { eventID: '', eventName: 'X' } }, { detail: { eventID: '1', eventName: 7 } }])('fails with the malformed event %j', async (event) => {
    expect(() => parse(event)).toThrow(MalformedEvent);
    await expect(handler(event)).rejects.toThrow(/'detail\.event(ID|Name)' must be a text, got/);
    expect(lines()).toMatchObject([{ level: 'ERROR', message: 'not published' }]);
    expect(send).not.toHaveBeenCalled();
  });
});
