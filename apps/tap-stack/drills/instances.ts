import { DescribeInstancesCommand, Instance } from '@aws-sdk/client-ec2';
import { confirming, Drill, DrillContext, notVerifiable, unless } from '@tapstack/operator';
import { subnetsOf, tierOf } from './network';

/** Each instance, by its output, stands in a tier, those of one tier in different zones (B-03, D-04, P-05). */
export function standIn(tiers: Readonly<Record<string, string>>): Drill {
  const inWords = Object.entries(tiers).map(([output, tier]) => `${output} stands in the tier ${tier}`);
  return confirming(['B-03', 'D-04', 'P-05'], (context) => [{
    title: `the instances: ${inWords.join(', ')}, and no two of a tier are in one zone`,
    run: async () => {
      const subnets = await subnetsOf(context);
      const places = await Promise.all(Object.entries(tiers).map(async ([output, tier]) => {
        const { SubnetId } = await instance(context, output);
        const subnet = subnets.find((each) => each.SubnetId === SubnetId);
        return { output, tier, is: subnet ? tierOf(subnet) : 'no tier', place: `${tier} in ${subnet?.AvailabilityZone}` };
      }));
      return unless([
        ...places.map(({ output, tier, is }) => is !== tier && `${output} is in ${is}`),
        ...places.map(({ place }, index) => places.findIndex((other) => other.place === place) !== index && `two are in ${place}`),
      ]);
    },
  }]);
}

/** Said where it cannot be tried: what a machine does by itself (D-04, D-09, P-05). */
export const machinesReport: Drill = () => [
  {
    title: 'the instances: the CloudWatch agent on them sends logs and metrics',
    confirms: ['D-09', 'P-05'],
    run: async () => notVerifiable('the local AWS runs no machine behind an instance, and in AWS the first figures come minutes after it'),
  },
  {
    title: 'the instances: are scanned for vulnerabilities',
    confirms: ['D-04'],
    run: async () => notVerifiable('a stage that goes again turns no scanner on, and the local AWS only records that it is on'),
  },
];

async function instance({ stack, target }: DrillContext, output: string): Promise<Instance> {
  const { Reservations } = await target.clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: [stack.output(output)] }));
  return Reservations![0].Instances![0];
}
