import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { unless } from '../check';
import { DeployedStack } from '../deployed-stack';
import { Posture } from './posture';

/** Instances ask for IMDSv2, have no public address that nobody asked for, report in detail, and keep their data on encrypted volumes. */
export const instances: Posture = (stack, { ec2 }) => stack.ofType('AWS::EC2::Instance').flatMap(({ logicalId, physicalId: id }) => {
  const describe = async () => (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations![0].Instances![0];
  return [
    {
      title: `${logicalId}: runs with a profile, IMDSv2 only, detailed monitoring and no public address but one that was asked for`,
      run: async () => {
        const instance = await describe();
        return unless([
          instance.State?.Name !== 'running' && `it is ${instance.State?.Name}`,
          !instance.IamInstanceProfile?.Arn && 'no instance profile',
          instance.MetadataOptions?.HttpTokens !== 'required' && `HttpTokens is ${instance.MetadataOptions?.HttpTokens}`,
          instance.MetadataOptions?.HttpPutResponseHopLimit !== 1 && `the hop limit is ${instance.MetadataOptions?.HttpPutResponseHopLimit}`,
          instance.Monitoring?.State !== 'enabled' && `monitoring is ${instance.Monitoring?.State}`,
          instance.PublicIpAddress && !asksForPublicAddress(stack, logicalId) && `it has the public address ${instance.PublicIpAddress}`,
        ]);
      },
    },
    {
      title: `${logicalId}: its volumes are encrypted with a customer key and end with it`,
      run: async () => {
        const mappings = (await describe()).BlockDeviceMappings ?? [];
        const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: mappings.map((mapping) => mapping.Ebs!.VolumeId!) }));
        return unless([
          mappings.length === 0 && 'it has no volume',
          ...mappings.map((mapping) => !mapping.Ebs?.DeleteOnTermination && `${mapping.DeviceName} outlives it`),
          ...(Volumes ?? []).flatMap((volume) => [!volume.Encrypted && `${volume.VolumeId} is not encrypted`, !volume.KmsKeyId && `${volume.VolumeId} has no customer key`]),
        ]);
      },
    },
  ];
});

/** An instance in a public tier is somebody's decision: it stands in the template. */
function asksForPublicAddress(stack: DeployedStack, logicalId: string): boolean {
  const interfaces = stack.template.Resources[logicalId]?.Properties?.NetworkInterfaces as { AssociatePublicIpAddress?: unknown }[] | undefined;
  return Boolean(interfaces?.some((one) => one.AssociatePublicIpAddress === true));
}
