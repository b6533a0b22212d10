import { paginateGetRestApis } from '@aws-sdk/client-api-gateway';
import { paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeVolumesCommand, paginateDescribeLaunchTemplates, paginateDescribeSnapshots } from '@aws-sdk/client-ec2';
import { paginateDescribeLoadBalancers, paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import { paginateListEventSourceMappings, paginateListFunctions, paginateListLayers } from '@aws-sdk/client-lambda';
import { all, Listings } from './listing';

/** What runs, and what it runs from. */
export const COMPUTE: Listings = {
  'Auto Scaling group': ({ autoScaling }) => all(paginateDescribeAutoScalingGroups({ client: autoScaling }, {}), (page) =>
    page.AutoScalingGroups?.map((group) => group.AutoScalingGroupName)),
  'event source of a function': ({ lambda }) => all(paginateListEventSourceMappings({ client: lambda }, {}), (page) => page.EventSourceMappings?.map((one) => one.UUID)),
  'function': ({ lambda }) => all(paginateListFunctions({ client: lambda }, {}), (page) => page.Functions?.map((one) => one.FunctionName)),
  'function layer': ({ lambda }) => all(paginateListLayers({ client: lambda }, {}), (page) => page.Layers?.map((one) => one.LayerName)),
  'instance': async ({ ec2 }) => (await ec2.send(new DescribeInstancesCommand({}))).Reservations!.flatMap((reservation) => reservation.Instances!)
    .filter((instance) => instance.State?.Name !== 'terminated').map((instance) => instance.InstanceId),
  'launch template': ({ ec2 }) => all(paginateDescribeLaunchTemplates({ client: ec2 }, {}), (page) => page.LaunchTemplates?.map((one) => one.LaunchTemplateId)),
  'load balancer': ({ loadBalancing }) => all(paginateDescribeLoadBalancers({ client: loadBalancing }, {}), (page) => page.LoadBalancers?.map((one) => one.LoadBalancerArn)),
  'REST API': ({ apiGateway }) => all(paginateGetRestApis({ client: apiGateway }, {}), (page) => page.items?.map((api) => api.id)),
  'snapshot': ({ ec2 }) => all(paginateDescribeSnapshots({ client: ec2 }, { OwnerIds: ['self'] }), (page) => page.Snapshots?.map((one) => one.SnapshotId)),
  'target group': ({ loadBalancing }) => all(paginateDescribeTargetGroups({ client: loadBalancing }, {}), (page) => page.TargetGroups?.map((group) => group.TargetGroupArn)),
  'volume': async ({ ec2 }) => (await ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((volume) => volume.VolumeId),
};
