import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { Inspector2Client } from '@aws-sdk/client-inspector2';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

/** What every client is made with. */
export type ClientConfig = ConstructorParameters<typeof S3Client>[0] & object;

/** The AWS services as one identity sees them. */
export class Clients {
  public readonly accessAnalyzer: AccessAnalyzerClient;
  public readonly apiGateway: APIGatewayClient;
  public readonly autoScaling: AutoScalingClient;
  public readonly cloudFormation: CloudFormationClient;
  public readonly cloudTrail: CloudTrailClient;
  public readonly cloudWatch: CloudWatchClient;
  public readonly config: ConfigServiceClient;
  public readonly ec2: EC2Client;
  public readonly events: EventBridgeClient;
  public readonly guardDuty: GuardDutyClient;
  public readonly iam: IAMClient;
  public readonly inspector: Inspector2Client;
  public readonly kms: KMSClient;
  public readonly lambda: LambdaClient;
  public readonly loadBalancing: ElasticLoadBalancingV2Client;
  public readonly logs: CloudWatchLogsClient;
  public readonly rds: RDSClient;
  public readonly s3: S3Client;
  public readonly secretsManager: SecretsManagerClient;
  public readonly securityHub: SecurityHubClient;
  public readonly sns: SNSClient;
  public readonly sqs: SQSClient;
  public readonly ssm: SSMClient;
  public readonly sts: STSClient;

  constructor(config: ClientConfig) {
    const { credentials, endpoint, region, requestHandler } = config;
    const shared = { credentials, endpoint, region, requestHandler } as object;
    this.accessAnalyzer = new AccessAnalyzerClient(shared);
    this.apiGateway = new APIGatewayClient(shared);
    this.autoScaling = new AutoScalingClient(shared);
    this.cloudFormation = new CloudFormationClient(shared);
    this.cloudTrail = new CloudTrailClient(shared);
    this.cloudWatch = new CloudWatchClient(shared);
    this.config = new ConfigServiceClient(shared);
    this.ec2 = new EC2Client(shared);
    this.events = new EventBridgeClient(shared);
    this.guardDuty = new GuardDutyClient(shared);
    this.iam = new IAMClient(shared);
    this.inspector = new Inspector2Client(shared);
    this.kms = new KMSClient(shared);
    this.lambda = new LambdaClient(shared);
    this.loadBalancing = new ElasticLoadBalancingV2Client(shared);
    this.logs = new CloudWatchLogsClient(shared);
    this.rds = new RDSClient(shared);
    this.s3 = new S3Client({ ...shared, forcePathStyle: config.forcePathStyle });
    this.secretsManager = new SecretsManagerClient(shared);
    this.securityHub = new SecurityHubClient(shared);
    this.sns = new SNSClient(shared);
    this.sqs = new SQSClient(shared);
    this.ssm = new SSMClient(shared);
    this.sts = new STSClient(shared);
  }
}
