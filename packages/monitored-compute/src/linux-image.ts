import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * A Linux image that is named by its id.
 */
export class LinuxImage implements ec2.IMachineImage {
  /**
   * The image with an id that may be known at deployment only, such as a CloudFormation parameter of type
   * `AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>`.
   *
   * @param imageId the id of the image
   */
  public static fromImageId(imageId: string): LinuxImage {
    return new LinuxImage(imageId);
  }

  private constructor(private readonly imageId: string) {}

  /**
   * The image, as an instance or a launch template wants it.
   *
   * @param _scope where it is used
   */
  public getImage(_scope: Construct): ec2.MachineImageConfig {
    return { imageId: this.imageId, osType: ec2.OperatingSystemType.LINUX, userData: ec2.UserData.forLinux() };
  }
}
