import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { Clients, confirming, Drill, unless } from '@tapstack/operator';

const OF_EVERYTHING = ['Name', 'Environment'];

/** What EC2 tells the tags of, all kinds in one answer. */
const IN_THE_NETWORK = /^AWS::EC2::(VPC|Subnet|RouteTable|InternetGateway|NatGateway|SecurityGroup|Instance)$/;

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

/** How the tags of a type are read, one resource after the other. */
const READERS: Record<string, (clients: Clients, id: string) => Promise<Tag[] | undefined>> = {
  'AWS::S3::Bucket': async ({ s3 }, Bucket) => (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet,
  'AWS::IAM::Role': async ({ iam }, RoleName) => (await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags,
};

/** Tags are there, and the name ends as the stack does (X-03, P-01). */
export const everythingIsTagged: Drill = confirming(['X-03'], ({ stack, target }) => [
  {
    title: 'the network, and what stands in it: carries a name with the suffix, the environment, the project and the owner',
    run: async () => {
      const resources = stack.resources.filter(({ type }) => IN_THE_NETWORK.test(type));
      const { Tags = [] } = await target.clients.ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: resources.map(({ physicalId }) => physicalId) }] }));
      return unless(resources.map(({ logicalId, physicalId }) => (
        untagged(logicalId, Tags.filter(({ ResourceId }) => ResourceId === physicalId), stack.output('EnvironmentSuffix'), [...OF_EVERYTHING, 'Project', 'Owner']))));
    },
  },
  {
    title: 'buckets and roles, those of helper functions included: carry a name with the suffix, and the environment',
    run: async () => {
      const resources = stack.resources.filter(({ type }) => type in READERS);
      return unless(await Promise.all(resources.map(async ({ logicalId, type, physicalId }) => (
        untagged(logicalId, await READERS[type](target.clients, physicalId) ?? [], stack.output('EnvironmentSuffix'), OF_EVERYTHING)))));
    },
  },
]);

function untagged(what: string, tags: readonly Tag[], suffix: string, keys: readonly string[]): string | false {
  const missing = keys.filter((key) => !tags.some(({ Key, Value }) => Key === key && Value));
  const name = tags.find(({ Key }) => Key === 'Name')?.Value ?? '';
  if (missing.length > 0) return `${what} has no ${missing.join(' and no ')}`;
  return !name.split('-').includes(suffix) && `${what} is called ${name}`;
}
