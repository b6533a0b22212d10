import { CfnParameter } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { LinuxImage } from '../src';
import { stackInFrankfurt } from './_helpers/stacks';

describe('LinuxImage', () => {
  test('is the image of a parameter, and adds no other parameter', () => {
    const stack = stackInFrankfurt();
    const parameter = new CfnParameter(stack, 'Image', { type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' });
    const image = LinuxImage.fromImageId(parameter.valueAsString).getImage(stack);

    expect(stack.resolve(image.imageId)).toEqual({ Ref: 'Image' });
    expect(image.osType).toBe(ec2.OperatingSystemType.LINUX);
    expect(stack.node.children).toHaveLength(1);
  });
});
