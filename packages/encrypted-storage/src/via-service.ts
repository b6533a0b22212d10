/**
 * An AWS service that uses a key on behalf of whoever calls the service.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export class ViaService {
  /** Encrypted volumes and snapshots: EBS calls the key in the name of EC2. */
  public static readonly EBS = new ViaService('ec2');

  /** Objects of S3 buckets. */
  public static readonly S3 = new ViaService('s3', false);

  /** Messages of SNS topics. */
  public static readonly SNS = new ViaService('sns', false);

  /** Messages of SQS queues. */
  public static readonly SQS = new ViaService('sqs', false);

  /** Databases, their snapshots and Performance Insights. */
  public static readonly RDS = new ViaService('rds');

  /** Secrets. */
  public static readonly SECRETS_MANAGER = new ViaService('secretsmanager');

  /** Environment variables and code of functions. */
  public static readonly LAMBDA = new ViaService('lambda');

  /**
   * Another service that AWS KMS lists. It is taken for one that uses keys through grants.
   *
   * @param endpointPrefix the first label of the service's endpoint, as in `dynamodb`
   * @throws if it is not a single lower-case label
   */
  public static of(endpointPrefix: string): ViaService {
    if (!/^[a-z0-9-]+$/.test(endpointPrefix)) {
      throw new Error(`'endpointPrefix' must be the first label of a service endpoint, as in 'dynamodb', got '${endpointPrefix}'`);
    }
    return new ViaService(endpointPrefix);
  }

  private constructor(
    /** The first label of the service's endpoint. */
    public readonly endpointPrefix: string,
    /**
     * Whether the service goes on using a key when the call is over: a volume or a database has to be read again without anybody who
     * asks. S3, SNS and SQS call the key with the permissions of whoever calls them, each time.
     *
     * @see https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
     */
    public readonly usesGrants: boolean = true,
  ) {}
}
