import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** Read only when asked for: the class is expensive to load. */
const aws = () => ec2.InterfaceVpcEndpointAwsService;

/**
 * AWS services that belong together, to be reached without the internet. More sets may follow: do not compare, pass them on.
 *
 * Each service costs about 7.30 USD a month and zone in us-east-1 (0.01 USD an hour), and 0.01 USD for each GB.
 *
 * @see https://aws.amazon.com/privatelink/pricing/
 */
export class EndpointSet {
  /**
   * Systems Manager: Session Manager, Run Command, Patch Manager, Parameter Store. 2 services, about 29 USD a month in two zones.
   *
   * Agents older than 3.3.40 (April 2024) also need `ec2messages`: add it with `EndpointSet.of`.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
   */
  public static readonly SSM = new EndpointSet(() => [aws().SSM, aws().SSM_MESSAGES]);

  /** CloudWatch logs and metrics. 2 services, about 29 USD a month in two zones. */
  public static readonly CLOUDWATCH = new EndpointSet(() => [aws().CLOUDWATCH_LOGS, aws().CLOUDWATCH_MONITORING]);

  /** Secrets Manager and KMS. 2 services, about 29 USD a month in two zones. */
  public static readonly SECRETS = new EndpointSet(() => [aws().SECRETS_MANAGER, aws().KMS]);

  /** SNS, SQS and EventBridge. 3 services, about 44 USD a month in two zones. */
  public static readonly MESSAGING = new EndpointSet(() => [aws().SNS, aws().SQS, aws().EVENTBRIDGE]);

  /** ECR: images come through it, their layers through the S3 endpoint. 2 services, about 29 USD a month in two zones. */
  public static readonly CONTAINERS = new EndpointSet(() => [aws().ECR, aws().ECR_DOCKER]);

  /**
   * What a machine without any way to the internet needs to be run: Systems Manager, CloudWatch, secrets and keys, temporary
   * credentials, and EC2 itself. 8 services, about 117 USD a month in two zones, where two NAT gateways cost about 66.
   */
  public static readonly PRIVATE_ONLY = new EndpointSet(() => [
    ...EndpointSet.SSM._services, ...EndpointSet.CLOUDWATCH._services, ...EndpointSet.SECRETS._services, aws().STS, aws().EC2,
  ]);

  /**
   * Services of your own choice.
   *
   * @param services which, for example `ec2.InterfaceVpcEndpointAwsService.ATHENA`
   */
  public static of(services: ec2.InterfaceVpcEndpointAwsService[]): EndpointSet {
    return new EndpointSet(() => services);
  }

  private constructor(private readonly services: () => ec2.InterfaceVpcEndpointAwsService[]) {}

  /**
   * The services of the set.
   *
   * @internal
   */
  public get _services(): ec2.InterfaceVpcEndpointAwsService[] {
    return this.services();
  }
}
