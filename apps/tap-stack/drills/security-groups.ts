import { DescribeSecurityGroupsCommand, DescribeVpcsCommand, IpPermission } from '@aws-sdk/client-ec2';
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
      const there = (await rulesOf(context, context.stack.output(group))).in.flatMap((rule) => peers(rule).map((peer) => `${traffic(rule)} ${peer}`));
      return unless([there.sort().join() !== wanted.sort().join() && `its rules are ${there.join(', ')}`]);
    },
  }]);
}

/** Nothing of the stack leaves but on the ports of the web, for names to its own network, and to a group that lets it in (B-05, C-11, P-04). */
export const nothingElseLeaves: Drill = confirming(['B-05', 'C-11', 'P-04'], (context) => [{
  title: 'every security group: lets out HTTP and HTTPS, DNS to the network, and what another group lets in from it, and nothing else',
  run: async () => {
    const groups = new Map(await Promise.all(context.stack.ofType('AWS::EC2::SecurityGroup').map(async ({ logicalId, physicalId }) => (
      [physicalId, { logicalId, ...await rulesOf(context, physicalId) }] as const))));
    const network = await rangesOf(context);
    const isMeant = (from: string, rule: IpPermission, to: string) => to === NOWHERE
      || (ANYWHERE.includes(to) && ['tcp 80', 'tcp 443'].includes(traffic(rule)))
      || (network.includes(to) && ['tcp 53', 'udp 53'].includes(traffic(rule)))
      || groups.get(to)?.in.some((door) => traffic(door) === traffic(rule) && peers(door).includes(from));
    return unless([...groups].flatMap(([id, { logicalId, out }]) => out.flatMap((rule) => peers(rule).map((to) => (
      !isMeant(id, rule, to) && `${logicalId} lets ${traffic(rule)} out to ${to}`)))));
  },
}]);

const ANYWHERE = ['0.0.0.0/0', '::/0'];

/** No host has this address: a group that lets nothing out needs a rule, or AWS gives it one that lets out everything. */
const NOWHERE = '255.255.255.255/32';

/** A protocol with its port, or ports. */
function traffic({ IpProtocol, FromPort, ToPort }: IpPermission): string {
  return IpProtocol === '-1' ? 'everything' : `${IpProtocol} ${FromPort}${FromPort === ToPort ? '' : `-${ToPort}`}`;
}

/** The addresses of the networks of the stack. */
async function rangesOf({ stack, target }: DrillContext): Promise<(string | undefined)[]> {
  const VpcIds = stack.ofType('AWS::EC2::VPC').map(({ physicalId }) => physicalId);
  const { Vpcs } = await target.clients.ec2.send(new DescribeVpcsCommand({ VpcIds }));
  return (Vpcs ?? []).map(({ CidrBlock }) => CidrBlock);
}

async function rulesOf({ target }: DrillContext, GroupId: string): Promise<{ readonly in: IpPermission[]; readonly out: IpPermission[] }> {
  const { SecurityGroups } = await target.clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return { in: SecurityGroups?.[0].IpPermissions ?? [], out: SecurityGroups?.[0].IpPermissionsEgress ?? [] };
}

function peers({ IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds }: IpPermission): string[] {
  return [
    ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp), ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ...(UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId), ...(PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  ].filter((peer) => peer !== undefined);
}
