import { DescribeSecurityGroupsCommand, EC2Client, RevokeSecurityGroupEgressCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { revocationsOf } from './revocations';

/** What CloudFormation asks; CDK's entry point answers it. */
interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceProperties: { readonly GroupId: string };
}

const ec2 = new EC2Client({});

/** Takes every rule off a group. When it leaves the stack the group stays closed: to open it is nobody's wish. */
export const handler = async ({ RequestType, ResourceProperties: { GroupId } }: Request): Promise<{ PhysicalResourceId: string }> => {
  if (RequestType !== 'Delete') await close(GroupId);
  return { PhysicalResourceId: GroupId };
};

async function close(GroupId: string): Promise<void> {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  if (SecurityGroups.length === 0) throw new Error(`the security group ${GroupId} must exist, got none`);
  const { ingress, egress } = revocationsOf(SecurityGroups[0]);
  if (ingress.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress }));
  if (egress.length > 0) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
  console.log(JSON.stringify({ level: 'INFO', message: 'closed', group: GroupId, ingress: ingress.length, egress: egress.length }));
}
