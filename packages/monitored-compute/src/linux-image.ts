import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * Linux images that CDK has no name for.
 */
export class LinuxImage {
  /**
   * The image with an id that may be known at deployment only, such as a CloudFormation parameter of type
   * `AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>`.
   *
   * @param imageId the id of the image
   */
  public static fromImageId(imageId: string): ec2.IMachineImage {
    return { getImage: () => ({ imageId, osType: ec2.OperatingSystemType.LINUX, userData: ec2.UserData.forLinux() }) };
  }

  private constructor() {}
}
