import { Annotations, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Egress } from './egress';
import { NetworkFootprint } from './network-footprint';
import { TierKind } from './network-tier';
import { mayContain } from './private/cidr';
import { dynamoDbEndpointPolicy, s3EndpointPolicy } from './private/endpoint-policies';
import { footprintOf } from './private/footprint';
import { PlannedAddresses } from './private/planned-addresses';
import { regionalNat } from './private/regional-nat';
import { withoutZoneLookup, zonesOfRegion } from './private/zones';
import { SubnetPlan, SubnetPlanProps } from './subnet-plan';
import { VpcFlowLogs } from './vpc-flow-logs';

/**
 * Properties of `SecureVpc`.
 */
export interface SecureVpcProps extends SubnetPlanProps {
  /**
   * The `Name` tag of the VPC.
   *
   * @default - the path of the construct
   */
  readonly vpcName?: string;

  /**
   * How private tiers reach the internet. Zonal NAT gateways need a public tier to stand in; a regional one needs none.
   *
   * @default - `Egress.PER_ZONE` where there is a private tier and a public one, else `Egress.NONE`
   */
  readonly egress?: Egress;

  /**
   * The key that encrypts the flow logs. A key you own is opened to CloudWatch Logs.
   *
   * @default - a new key, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long flow logs are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly flowLogRetention?: logs.RetentionDays;

  /**
   * How long packets of one flow are gathered before a flow log record is written.
   *
   * @default ec2.FlowLogMaxAggregationInterval.TEN_MINUTES
   */
  readonly flowLogAggregationInterval?: ec2.FlowLogMaxAggregationInterval;

  /**
   * What happens to the flow logs, and to the key made here, when they leave the stack. The network itself holds no data.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A network of named tiers at addresses you choose, where nothing is reachable unless said so.
 *
 * Every stack gets as many zones as its plan has, and nothing is looked up at synthesis.
 *
 * Controls: NET-01 exact addresses, NET-02 zones, NET-03 no automatic public addresses, NET-04 isolated tiers,
 * NET-05 egress per zone, NET-06 flow logs, NET-07 closed default security group, NET-08 gateway endpoints, NET-12 stable layout.
 *
 * @throws with one line per problem of the plan, or when `egress` has no public tier to stand in, no private tier to serve, or other addresses than zones
 */
export class SecureVpc extends Construct {
  /** The VPC. Its subnets, routes and endpoints are those of CDK. */
  public readonly vpc: ec2.Vpc;

  /** The record of its traffic. */
  public readonly flowLogs: VpcFlowLogs;

  /** The NAT gateway of all zones, with `Egress.REGIONAL`. The zonal ones stand in the public subnets of the VPC. */
  public readonly regionalNat?: ec2.CfnNatGateway;

  /** The way to S3 that leaves the VPC nowhere. `addToPolicy` opens it to buckets of other accounts. */
  public readonly s3Endpoint: ec2.GatewayVpcEndpoint;

  /** The way to DynamoDB that leaves the VPC nowhere. `addToPolicy` opens it to tables of other accounts. */
  public readonly dynamoDbEndpoint: ec2.GatewayVpcEndpoint;

  /** What this network takes of the account's quotas and addresses. */
  public readonly footprint: NetworkFootprint;

  constructor(scope: Construct, id: string, props: SecureVpcProps = {}) {
    super(scope, id);

    const plan = this.checked(new SubnetPlan(props));
    const zones = props.availabilityZones ?? zonesOfRegion(plan.zoneCount);
    const egress = this.egressOf(plan, props.egress);

    this.vpc = withoutZoneLookup(Stack.of(this), () => this.network(plan, zones, egress, props.vpcName));
    this.node.defaultChild = this.vpc.node.defaultChild;
    this.addRanges(plan);
    if (egress._isRegional) {
      this.regionalNat = regionalNat(this, this.vpc, zones, egress._allocationIds);
    }
    this.flowLogs = new VpcFlowLogs(this, 'FlowLogs', {
      vpc: this.vpc,
      encryptionKey: props.encryptionKey,
      retention: props.flowLogRetention,
      aggregationInterval: props.flowLogAggregationInterval,
      removalPolicy: props.removalPolicy,
    });
    this.s3Endpoint = this.endpoint('S3Endpoint', ec2.GatewayVpcEndpointAwsService.S3, s3EndpointPolicy(Stack.of(this)));
    this.dynamoDbEndpoint = this.endpoint('DynamoDbEndpoint', ec2.GatewayVpcEndpointAwsService.DYNAMODB, dynamoDbEndpointPolicy(Stack.of(this)));
    this.footprint = footprintOf(plan, egress, 2);

    this.warn(plan, egress);
  }

  private checked(plan: SubnetPlan): SubnetPlan {
    this.refuse(plan.problems);
    return plan;
  }

  private egressOf(plan: SubnetPlan, chosen: Egress | undefined): Egress {
    const has = (kind: TierKind) => plan.subnets.some((subnet) => subnet.kind === kind);
    const possible = has(TierKind.PUBLIC) && has(TierKind.PRIVATE);
    const egress = chosen ?? (possible ? Egress.PER_ZONE : Egress.NONE);
    this.refuse([
      ...(egress._isRegional && !has(TierKind.PRIVATE) ? ["'egress' must go with a private tier that uses it, got 'regional' without; add the tier, or pass Egress.NONE"] : []),
      ...(!egress._isRegional && egress.natGateways(plan.zoneCount) > 0 && !possible
        ? [`'egress' must go with a public tier for the NAT gateways and a private tier that uses them, got '${egress.name}' without; add the tier, or pass Egress.NONE`]
        : []),
      ...egress._addressProblems(plan.zoneCount),
    ]);
    return egress;
  }

  private refuse(problems: string[]): void {
    if (problems.length > 0) {
      throw new Error(problems.map((problem) => `${problem} [${this.node.path}]`).join('\n'));
    }
  }

  private network(plan: SubnetPlan, zones: string[], egress: Egress, vpcName: string | undefined): ec2.Vpc {
    const tiers = plan.subnets.filter((subnet) => subnet.zone === 1);
    const subnetTypes = {
      [TierKind.PUBLIC]: ec2.SubnetType.PUBLIC,
      [TierKind.PRIVATE]: ec2.SubnetType.PRIVATE_WITH_EGRESS,
      [TierKind.ISOLATED]: ec2.SubnetType.PRIVATE_ISOLATED,
    };
    return new ec2.Vpc(this, 'Vpc', {
      vpcName,
      availabilityZones: zones,
      ipProtocol: ec2.IpProtocol.IPV4_ONLY,
      ipAddresses: new PlannedAddresses(plan, zones),
      subnetConfiguration: tiers.map(({ tier, kind }) => ({
        name: tier,
        subnetType: subnetTypes[kind],
        // CDK refuses the property, false included, on subnets that are not public
        mapPublicIpOnLaunch: kind === TierKind.PUBLIC ? false : undefined,
      })),
      createInternetGateway: egress._isRegional || tiers.some(({ kind }) => kind === TierKind.PUBLIC),
      // they stand in the first public tier
      natGateways: egress._isRegional ? 0 : egress.natGateways(zones.length),
      natGatewayProvider: egress._isRegional ? undefined : ec2.NatProvider.gateway({ eipAllocationIds: egress._allocationIds }),
      enableDnsSupport: true,
      enableDnsHostnames: true,
      restrictDefaultSecurityGroup: true,
    });
  }

  /** The further ranges of the VPC, there before the subnets in them. */
  private addRanges(plan: SubnetPlan): void {
    const subnets = [...this.vpc.publicSubnets, ...this.vpc.privateSubnets, ...this.vpc.isolatedSubnets];
    plan.secondaryCidrs.forEach((cidrBlock, i) => {
      // by its address, so that another one can be taken away
      const id = Token.isUnresolved(cidrBlock) ? `Range${i + 2}` : `Range${cidrBlock.replaceAll(/[./]/g, '-')}`;
      const range = new ec2.CfnVPCCidrBlock(this, id, { vpcId: this.vpc.vpcId, cidrBlock });
      for (const subnet of subnets.filter(({ ipv4CidrBlock }) => mayContain(cidrBlock, ipv4CidrBlock))) {
        (subnet.node.defaultChild as ec2.CfnSubnet).addDependency(range);
      }
    });
  }

  private endpoint(id: string, service: ec2.GatewayVpcEndpointAwsService, policy: iam.PolicyStatement[]): ec2.GatewayVpcEndpoint {
    const endpoint = new ec2.GatewayVpcEndpoint(this, id, { vpc: this.vpc, service });
    policy.forEach((statement) => endpoint.addToPolicy(statement));
    return endpoint;
  }

  private warn(plan: SubnetPlan, egress: Egress): void {
    if (plan.zoneCount === 1) {
      Annotations.of(this).addWarningV2('secure-network:NET-02', "this network is in one zone and is lost with it; add a zone and remove 'singleZone'");
    }
    const natZones = egress._natZones(plan.zoneCount);
    if (natZones > 0 && natZones < plan.zoneCount) {
      Annotations.of(this).addWarningV2('secure-network:NET-05', `private tiers of ${plan.zoneCount} zones share ${natZones} NAT gateway and are cut off with its zone; pass Egress.PER_ZONE`);
    }
  }
}
