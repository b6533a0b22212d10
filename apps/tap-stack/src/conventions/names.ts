import { Fn } from 'aws-cdk-lib';

/**
 * Names of resources. The only place that makes physical names: a name is given where something outside the stack has
 * to know it beforehand, and CloudFormation makes every other one.
 */
export class Names {
  /**
   * `<prefix>-<resource>-<suffix>`: what belongs together by kind stands together.
   *
   * @param prefix lower case letters
   * @param suffix as a template refers to it: `${EnvironmentSuffix}`
   */
  public static byResource(prefix: string, suffix: string): Names {
    return new Names((resource) => [prefix, resource, suffix]);
  }

  /**
   * `<prefix>-<suffix>-<resource>`: what belongs to one stack stands together (P-01).
   *
   * @param prefix lower case letters
   * @param suffix as a template refers to it: `${EnvironmentSuffix}`
   */
  public static bySuffix(prefix: string, suffix: string): Names {
    return new Names((resource) => [prefix, suffix, resource]);
  }

  /** `<StackName>-<output>`: the name of what a stack exports. */
  public static ofExport(output: string): string {
    return Fn.sub(`\${AWS::StackName}-${output}`);
  }

  private constructor(private readonly parts: (resource: string) => string[]) {}

  /** The name of a resource within the account and region. */
  public of(resource: string): string {
    // the short way to say it: names stand in every resource, and the length of a template is limited
    return Fn.sub(this.parts(resource).join('-'));
  }

  /** The name of a bucket, which shares one namespace with every account and region. At most 63 characters. */
  public ofBucket(resource: string): string {
    return Fn.sub([...this.parts(resource), '${AWS::AccountId}', '${AWS::Region}'].join('-'));
  }
}
