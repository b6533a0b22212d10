import { DescribeInstancesCommand, DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { confirming, Drill, DrillContext, unless } from '@tapstack/operator';

/** What is launched is what the parameter of SSM holds: the latest Amazon Linux 2023, unless somebody named another one (C-06). */
export const imageIsTheLatest: Drill = confirming(['C-06', 'P-05'], (context) => [{
  title: 'the image of the instances: is the one that the SSM parameter of Amazon Linux 2023 holds',
  run: async () => {
    const Name = context.stack.template.Parameters?.EC2AMIId?.Default ?? '';
    const { Parameter } = await context.target.clients.ssm.send(new GetParameterCommand({ Name }));
    const images = await imagesOf(context);
    return unless([
      !Name.includes('/al2023-ami-') && `the parameter is '${Name}'`,
      images.length === 0 && 'nothing is launched',
      ...images.map((image) => image !== Parameter?.Value && `it is ${image}, and the parameter holds ${Parameter?.Value}`),
    ]);
  },
}]);

async function imagesOf({ stack, target: { clients: { ec2 } } }: DrillContext): Promise<(string | undefined)[]> {
  const images: (string | undefined)[] = [];
  for (const { physicalId } of stack.ofType('AWS::EC2::Instance')) {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [physicalId] }));
    images.push(Reservations?.[0].Instances?.[0].ImageId);
  }
  for (const { physicalId: LaunchTemplateId } of stack.ofType('AWS::EC2::LaunchTemplate')) {
    const { LaunchTemplateVersions } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['$Latest'] }));
    images.push(LaunchTemplateVersions?.[0].LaunchTemplateData?.ImageId);
  }
  return images;
}
