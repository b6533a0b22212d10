import { Aws, Fn } from 'aws-cdk-lib';

/**
 * Names of resources: `<prefix>-<suffix>-<resource>`. The only place that makes physical names: a name is given
 * where something outside the stack has to know it beforehand, and CloudFormation makes every other one.
 */
export class Names {
  /**
   * @param prefix lower case letters
   * @param suffix the value of the parameter `EnvironmentSuffix`
   */
  constructor(private readonly prefix: string, private readonly suffix: string) {}

  /** The name of a resource within the account and region. */
  public of(resource: string): string {
    return Fn.join('-', [this.prefix, this.suffix, resource]);
  }

  /** The name of a bucket, which shares one namespace with every account and region. At most 63 characters. */
  public ofBucket(resource: string): string {
    return Fn.join('-', [this.of(resource), Aws.ACCOUNT_ID, Aws.REGION]);
  }
}
