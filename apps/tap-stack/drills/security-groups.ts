import { DescribeSecurityGroupsCommand, IpPermission } from '@aws-sdk/client-ec2';
import { confirming, Drill, DrillContext, unless } from '@tapstack/operator';
import { parameterOf } from './parameters';

/** Whoever `AllowedSSHCIDR` names. */
export const ADMINISTRATORS = 'the administrators';

/** Who reaches a group: a port, and the output with the other group; or the administrators. */
export type Door = readonly [port: number, from: string];

/** A group, by its output, is reached like this and by nothing else (B-05, D-07, P-04). */
export function isReached(group: string, ...doors: Door[]): Drill {
  const inWords = doors.map(([port, from]) => `on ${port} from ${from}`).join(', ');
  return confirming(['B-05', 'D-07', 'P-04'], (context) => [{
    title: `${group}: is reached ${inWords || 'by nobody'}${doors.length > 0 ? ', and by nothing else' : ''}`,
    run: async () => {
      const wanted = await Promise.all(doors.map(async ([port, from]) => (
        `tcp ${port} ${from === ADMINISTRATORS ? await parameterOf(context, 'AllowedSSHCIDR') : context.stack.output(from)}`)));
      const there = (await rulesOf(context, context.stack.output(group))).in.flatMap((rule) => peers(rule).map((peer) => `${rule.IpProtocol} ${rule.FromPort} ${peer}`));
      return unless([there.sort().join() !== wanted.sort().join() && `its rules are ${there.join(', ')}`]);
    },
  }]);
}

/** Nothing of the stack may go wherever it likes on whatever port (B-05, C-11, P-04). */
export const nothingLeavesFreely: Drill = confirming(['B-05', 'C-11', 'P-04'], (context) => [{
  title: 'every security group: lets out what its ports are named for, and not everything',
  run: async () => {
    const groups = context.stack.ofType('AWS::EC2::SecurityGroup');
    return unless(await Promise.all(groups.map(async ({ logicalId, physicalId }) => (
      (await rulesOf(context, physicalId)).out.some(({ IpProtocol }) => IpProtocol === '-1') && `${logicalId} lets everything out`))));
  },
}]);

async function rulesOf({ target }: DrillContext, GroupId: string): Promise<{ readonly in: IpPermission[]; readonly out: IpPermission[] }> {
  const { SecurityGroups } = await target.clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return { in: SecurityGroups?.[0].IpPermissions ?? [], out: SecurityGroups?.[0].IpPermissionsEgress ?? [] };
}

function peers({ IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }: IpPermission): (string | undefined)[] {
  return [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp), ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId), ...(PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ];
}
