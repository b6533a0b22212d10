/** A dependency that CloudFormation does not see, by the types at its ends, and what goes wrong without it. */
export interface NeededDependency {
  readonly from: string;
  readonly to: string[];
  readonly because: string;
}

/** Where addresses outside the network are reached from a subnet. */
const WAY_OUT = ['AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation'];

const POLICIES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'];

/** Every kind there may be: whatever else waits for something waits for nothing. */
export const NEEDED: NeededDependency[] = [
  { from: 'AWS::EC2::Route', to: ['AWS::EC2::VPCGatewayAttachment'], because: 'EC2 refuses a route to a gateway that is not attached to the network' },
  { from: 'AWS::EC2::NatGateway', to: WAY_OUT, because: 'EC2 refuses a public NAT gateway in a network without an attached internet gateway' },
  { from: 'AWS::EC2::Instance', to: WAY_OUT, because: 'it fetches its agent when it boots, once' },
  { from: 'AWS::AutoScaling::AutoScalingGroup', to: [...WAY_OUT, ...POLICIES], because: 'its instances fetch their agent when they boot, and must say that they work' },
  { from: 'AWS::EC2::Instance', to: POLICIES, because: 'what it fetches and reports when it boots is permitted by then' },
  { from: 'AWS::Lambda::Function', to: WAY_OUT, because: 'in a network it may be invoked as soon as its rule is there, and would tell nobody' },
  { from: 'AWS::Lambda::Function', to: POLICIES, because: 'Lambda makes its network interfaces, and CloudFormation invokes it, as soon as it is there' },
  { from: 'AWS::RDS::DBInstance', to: ['AWS::Logs::LogGroup'], because: 'RDS makes log groups that are not there, without a key and a retention' },
  { from: 'AWS::CloudTrail::Trail', to: ['AWS::S3::BucketPolicy', ...POLICIES], because: 'CloudTrail refuses a bucket, and a log group, that does not let it write' },
  { from: 'AWS::EC2::LaunchTemplate', to: POLICIES, because: 'an instance of it has them when it boots' },
  { from: 'AWS::RDS::EventSubscription', to: ['AWS::SNS::TopicPolicy'], because: 'RDS refuses a topic that does not let it publish' },
  { from: 'AWS::ApiGateway::Deployment', to: ['AWS::ApiGateway::Method', 'AWS::ApiGateway::Resource'], because: 'it is a picture of the methods that are there' },
  { from: 'AWS::ApiGateway::Stage', to: ['Custom::ApiGatewayAccountRole'], because: 'API Gateway refuses a stage that logs without a role to log with' },
  { from: 'AWS::ApiGateway::Stage', to: ['AWS::Logs::LogGroup'], because: 'API Gateway makes a log group that is not there, without a key and a retention' },
  { from: 'Custom::EnsuredConfigRecorder', to: ['AWS::S3::BucketPolicy'], because: 'AWS Config refuses a bucket that does not let it write' },
  { from: 'AWS::Config::ConfigRule', to: ['Custom::EnsuredConfigRecorder'], because: 'AWS Config refuses a rule where nothing is recorded' },
  { from: 'AWS::Config::ConformancePack', to: ['Custom::EnsuredConfigRecorder'], because: 'it is made of rules' },
  { from: 'Custom::S3AutoDeleteObjects', to: ['AWS::S3::BucketPolicy'], because: 'the policy lets it empty the bucket, and has to outlive it' },
];
