import { DescribeInstancesCommand, DescribeVolumesCommand, paginateDescribeLaunchTemplates } from '@aws-sdk/client-ec2';
import { paginateListFunctions } from '@aws-sdk/client-lambda';
import { all, Listings } from './listing';

/** What runs. */
export const COMPUTE: Listings = {
  'function': ({ lambda }) => all(paginateListFunctions({ client: lambda }, {}), (page) => page.Functions?.map((one) => one.FunctionName)),
  'instance': async ({ ec2 }) => (await ec2.send(new DescribeInstancesCommand({}))).Reservations!.flatMap((reservation) => reservation.Instances!)
    .filter((instance) => instance.State?.Name !== 'terminated').map((instance) => instance.InstanceId),
  'launch template': ({ ec2 }) => all(paginateDescribeLaunchTemplates({ client: ec2 }, {}), (page) => page.LaunchTemplates?.map((one) => one.LaunchTemplateId)),
  'volume': async ({ ec2 }) => (await ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((volume) => volume.VolumeId),
};
