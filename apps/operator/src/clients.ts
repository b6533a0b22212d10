import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** What every client is made with. */
export type ClientConfig = ConstructorParameters<typeof S3Client>[0] & object;

/** The AWS services as one identity sees them. */
export class Clients {
  public readonly cloudFormation: CloudFormationClient;
  public readonly cloudTrail: CloudTrailClient;
  public readonly cloudWatch: CloudWatchClient;
  public readonly config: ConfigServiceClient;
  public readonly ec2: EC2Client;
  public readonly events: EventBridgeClient;
  public readonly iam: IAMClient;
  public readonly kms: KMSClient;
  public readonly lambda: LambdaClient;
  public readonly logs: CloudWatchLogsClient;
  public readonly rds: RDSClient;
  public readonly s3: S3Client;
  public readonly secretsManager: SecretsManagerClient;
  public readonly sns: SNSClient;
  public readonly sqs: SQSClient;
  public readonly sts: STSClient;

  constructor(config: ClientConfig) {
    const { credentials, endpoint, region, requestHandler } = config;
    const shared = { credentials, endpoint, region, requestHandler } as object;
    this.cloudFormation = new CloudFormationClient(shared);
    this.cloudTrail = new CloudTrailClient(shared);
    this.cloudWatch = new CloudWatchClient(shared);
    this.config = new ConfigServiceClient(shared);
    this.ec2 = new EC2Client(shared);
    this.events = new EventBridgeClient(shared);
    this.iam = new IAMClient(shared);
    this.kms = new KMSClient(shared);
    this.lambda = new LambdaClient(shared);
    this.logs = new CloudWatchLogsClient(shared);
    this.rds = new RDSClient(shared);
    this.s3 = new S3Client({ ...shared, forcePathStyle: config.forcePathStyle });
    this.secretsManager = new SecretsManagerClient(shared);
    this.sns = new SNSClient(shared);
    this.sqs = new SQSClient(shared);
    this.sts = new STSClient(shared);
  }
}
