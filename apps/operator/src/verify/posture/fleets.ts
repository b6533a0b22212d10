import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { Check, unless } from '../check';
import { Posture } from './posture';

/** Whatever is launched asks for IMDSv2, reports in detail and keeps its data on encrypted volumes; groups have their instances at work. */
export const fleets: Posture = (stack, { autoScaling, ec2 }) => [
  ...stack.ofType('AWS::EC2::LaunchTemplate').map(({ logicalId, physicalId: LaunchTemplateId }): Check => ({
    title: `${logicalId}: asks for IMDSv2 only, reports in detail, and encrypts volumes with a customer key`,
    run: async () => {
      const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['$Latest'] }));
      const { BlockDeviceMappings: volumes = [], MetadataOptions, Monitoring } = LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
      return unless([
        MetadataOptions?.HttpTokens !== 'required' && `HttpTokens is ${MetadataOptions?.HttpTokens}`,
        MetadataOptions?.HttpPutResponseHopLimit !== 1 && `the hop limit is ${MetadataOptions?.HttpPutResponseHopLimit}`,
        !Monitoring?.Enabled && 'detailed monitoring is off',
        volumes.length === 0 && 'it leaves volumes to the image',
        ...volumes.map(({ DeviceName, Ebs }) => !(Ebs?.Encrypted && Ebs.KmsKeyId) && `${DeviceName} is not encrypted with a customer key`),
      ]);
    },
  })),
  ...stack.ofType('AWS::AutoScaling::AutoScalingGroup').map(({ logicalId, physicalId: name }): Check => ({
    title: `${logicalId}: has its instances in service, over several zones`,
    run: async () => {
      const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
      const { Instances = [], DesiredCapacity = 0 } = AutoScalingGroups?.[0] ?? {};
      const inService = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService');
      const zones = new Set(inService.map(({ AvailabilityZone }) => AvailabilityZone));
      return unless([
        inService.length < Math.max(DesiredCapacity, 1) && `${inService.length} of ${DesiredCapacity} are in service`,
        // one instance is in one zone whatever its group is
        DesiredCapacity > 1 && zones.size < 2 && `they are in ${zones.size} zone`,
      ]);
    },
  })),
];
