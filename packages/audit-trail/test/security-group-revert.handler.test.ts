const [revoke, publish] = [jest.fn(), jest.fn()];
jest.mock('@aws-sdk/client-ec2', () => ({
  EC2Client: jest.fn(() => ({ send: ({ input }: { input: unknown }) => revoke(input) })),
  RevokeSecurityGroupIngressCommand: jest.fn((input: object) => ({ input })),
}));
jest.mock('@aws-sdk/client-sns', () => ({
  SNSClient: jest.fn(() => ({ send: ({ input }: { input: unknown }) => publish(input) })),
  PublishCommand: jest.fn((input: object) => ({ input })),
}));

import { ApiCall } from '../handlers/security-change-watch/api-call';
import { decide } from '../handlers/security-group-revert/decide';
import { handler } from '../handlers/security-group-revert/index';

const ALICE = 'arn:aws:iam::111122223333:user/alice';
const call = (eventName: string, requestParameters: unknown, more: Partial<ApiCall> = {}): ApiCall => ({
  eventID: 'event-1', eventName, awsRegion: 'eu-central-1', recipientAccountId: '111122223333', userIdentity: { arn: ALICE }, requestParameters, ...more,
});
const WORLD = { items: [{ cidrIp: '0.0.0.0/0' }] };
const WORLD6 = { items: [{ cidrIpv6: '::/0' }] };
const authorized = (...items: object[]) => call('AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items } });
const tcp = (from: number, to = from) => ({ ipProtocol: 'tcp', fromPort: from, toPort: to });
const modified = (rule: object) => call('ModifySecurityGroupRules', { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: { SecurityGroupRuleId: 'sgr-1', SecurityGroupRule: rule } } });
const SSH = { protocol: 'tcp', from: '22', to: '22', peer: '0.0.0.0/0' };

describe('AUD-27 opened ports are closed again', () => {
  describe('what is taken away', () => {
    test.each<[string, ApiCall, object[]]>([
      ['SSH', authorized({ ...tcp(22), ipRanges: WORLD }), [SSH]],
      ['SSH over IPv6', authorized({ ...tcp(22), ipv6Ranges: WORLD6 }), [{ ...SSH, peer: '::/0' }]],
      ['both address families', authorized({ ...tcp(22), ipRanges: WORLD, ipv6Ranges: WORLD6 }), [SSH, { ...SSH, peer: '::/0' }]],
      ['a remote desktop, over UDP', authorized({ ...tcp(3389), ipProtocol: 'udp', ipRanges: WORLD }), [{ protocol: 'udp', from: '3389', to: '3389', peer: '0.0.0.0/0' }]],
      ['a database', authorized({ ...tcp(5432), ipRanges: WORLD }), [{ ...SSH, from: '5432', to: '5432' }]],
      ['a range with such a port', authorized({ ...tcp(3000, 4000), ipRanges: WORLD }), [{ ...SSH, from: '3000', to: '4000' }]],
      ['every port', authorized({ ...tcp(0, 65535), ipRanges: WORLD }), [{ ...SSH, from: '0', to: '65535' }]],
      ['all traffic', authorized({ ipProtocol: '-1', ipRanges: WORLD }), [{ protocol: '-1', from: undefined, to: undefined, peer: '0.0.0.0/0' }]],
      ['a protocol by its number', authorized({ ...tcp(22), ipProtocol: '6', ipRanges: WORLD }), [{ ...SSH, protocol: '6' }]],
      ['the old form with flat parameters', call('AuthorizeSecurityGroupIngress', { groupId: 'sg-1', ...tcp(22), cidrIp: '0.0.0.0/0', ipPermissions: {} }), [SSH]],
      ['a changed rule', modified({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' }), [SSH]],
      ['of several networks the world', authorized({ ...tcp(22), ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }, { cidrIp: '0.0.0.0/0' }] } }), [SSH]],
      ['of several rules that one', authorized({ ...tcp(443), ipRanges: WORLD }, { ...tcp(22), ipRanges: WORLD }, { ...tcp(3306), ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } }), [SSH]],
    ])('%s', (_, what, rules) => {
      expect(decide(what)).toEqual({ group: 'sg-1', rules });
    });

    test.each<[string, ApiCall]>([
      ['HTTPS for the world', authorized({ ...tcp(443), ipRanges: WORLD })],
      ['a range without such a port', authorized({ ...tcp(8000, 8999), ipRanges: WORLD })],
      ['SSH for a network', authorized({ ...tcp(22), ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } })],
      ['SSH for another group', authorized({ ...tcp(22), groups: { items: [{ groupId: 'sg-2' }] } })],
      ['a ping', authorized({ ipProtocol: 'icmp', fromPort: -1, toPort: -1, ipRanges: WORLD })],
      ['the way out', call('AuthorizeSecurityGroupEgress', { groupId: 'sg-1', ipPermissions: { items: [{ ipProtocol: '-1', ipRanges: WORLD }] } })],
      ['what was taken away', call('RevokeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items: [{ ...tcp(22), ipRanges: WORLD }] } })],
      ['a description', call('UpdateSecurityGroupRuleDescriptionsIngress', { groupId: 'sg-1', ipPermissions: { items: [{ ...tcp(22), ipRanges: WORLD }] } })],
      ['a call that was refused', { ...authorized({ ...tcp(22), ipRanges: WORLD }), errorCode: 'Client.UnauthorizedOperation' }],
      ['a call without parameters', call('AuthorizeSecurityGroupIngress', null)],
    ])('not %s', (_, what) => {
      expect(decide(what)).toBeUndefined();
    });
  });

  describe('what is done and told', () => {
    const error = (name: string) => Object.assign(new Error('from EC2'), { name });
    const happens = (detail: ApiCall) => handler({ id: 'event', detail });
    const told = () => publish.mock.calls.map(([{ Subject, Message, MessageAttributes }]) => ({
      Subject, ...JSON.parse(Message), openToTheWorld: MessageAttributes.openToTheWorld.StringValue, eventId: MessageAttributes.eventId.StringValue,
    }));
    beforeEach(() => {
      process.env.TOPIC_ARN = 'arn:aws:sns:eu-central-1:111122223333:alerts';
      revoke.mockReset().mockResolvedValue({ Return: true });
      publish.mockReset().mockResolvedValue({});
      jest.spyOn(console, 'log').mockImplementation();
    });

    test('takes away that rule, exactly as it was made, and nothing else', async () => {
      await happens(authorized({ ...tcp(443), ipRanges: WORLD }, { ...tcp(22), ipRanges: WORLD, ipv6Ranges: WORLD6 }));
      expect(revoke.mock.calls.map(([input]) => input)).toEqual([
        { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
        { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] },
      ]);
    });

    test('takes away all traffic without ports, from a group that is known by its name', async () => {
      await happens(call('AuthorizeSecurityGroupIngress', { groupName: 'web', ipPermissions: { items: [{ ipProtocol: '-1', ipRanges: WORLD }] } }));
      expect(revoke).toHaveBeenCalledWith({ GroupName: 'web', IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
    });

    test('tells what it took away, and who had opened it', async () => {
      await happens(authorized({ ...tcp(22), ipRanges: WORLD }));
      expect(told()).toEqual([{
        Subject: 'Security group closed again',
        summary: `REVERTED (inbound tcp 22 from 0.0.0.0/0): ${ALICE} had opened sg-1`,
        reverted: ['inbound tcp 22 from 0.0.0.0/0'], gone: [], stillOpen: [],
        group: 'sg-1', what: 'AuthorizeSecurityGroupIngress', who: ALICE, account: '111122223333', region: 'eu-central-1', eventId: 'event-1', openToTheWorld: 'false',
      }]);
    });

    test.each([['an error', () => revoke.mockRejectedValue(error('InvalidPermission.NotFound'))], ['an answer', () => revoke.mockResolvedValue({ UnknownIpPermissions: [{}] })]])(
      'says that a rule was gone already, which EC2 tells by %s', async (_, arrange) => {
        arrange();
        await happens(authorized({ ...tcp(22), ipRanges: WORLD }));
        expect(told()).toMatchObject([{ summary: `GONE ALREADY (inbound tcp 22 from 0.0.0.0/0): ${ALICE} had opened sg-1`, reverted: [], openToTheWorld: 'false' }]);
      },
    );

    test('says nothing about a changed rule that was no inbound one', async () => {
      revoke.mockRejectedValue(error('InvalidPermission.NotFound'));
      await happens(modified({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' }));
      expect(publish).not.toHaveBeenCalled();
    });

    test('tells what is still open, takes away the others, and fails, so that Lambda tries again', async () => {
      revoke.mockRejectedValueOnce(error('UnauthorizedOperation'));
      await expect(happens(authorized({ ...tcp(22), ipRanges: WORLD }, { ...tcp(3389), ipRanges: WORLD }))).rejects.toThrow('not reverted: inbound tcp 22 from 0.0.0.0/0 (UnauthorizedOperation)');
      expect(told()).toMatchObject([{
        Subject: 'Security group still open to the world', openToTheWorld: 'true',
        stillOpen: ['inbound tcp 22 from 0.0.0.0/0 (UnauthorizedOperation)'], reverted: ['inbound tcp 3389 from 0.0.0.0/0'],
      }]);
    });

    test('fails when nobody could be told, so that the event is kept', async () => {
      publish.mockRejectedValue(error('AuthorizationError'));
      await expect(happens(authorized({ ...tcp(22), ipRanges: WORLD }))).rejects.toThrow('from EC2');
    });

    test('fails on what is no call', async () => {
      await expect(handler({ detail: {} })).rejects.toThrow("'detail.eventID' must be a text");
    });

    test('does nothing about what it did itself', async () => {
      await happens(call('RevokeSecurityGroupIngress', { groupId: 'sg-1', ipPermissions: { items: [{ ...tcp(22), ipRanges: WORLD }] } }));
      expect(revoke).not.toHaveBeenCalled();
      expect(publish).not.toHaveBeenCalled();
    });
  });
});
