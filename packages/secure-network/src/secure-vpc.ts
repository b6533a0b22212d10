import { Annotations, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Egress } from './egress';
import { EndpointSet } from './endpoint-set';
import { InterfaceEndpoints } from './interface-endpoints';
import { CloseDefaultGroup } from './mixins/close-default-group';
import { NoAutomaticPublicAddresses } from './mixins/no-automatic-public-addresses';
import { NetworkFootprint } from './network-footprint';
import { NetworkTier, TierKind } from './network-tier';
import { addRules } from './private/acl-rules';
import { mayContain } from './private/cidr';
import { dynamoDbEndpointPolicy, s3EndpointPolicy } from './private/endpoint-policies';
import { footprintOf } from './private/footprint';
import { egressOf, egressProblems, endpointTier, networkProblems } from './private/network-rules';
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
   * AWS services that are reached without the internet, for example `[EndpointSet.SSM]`. Each service costs about 7.30 USD a month in each zone.
   *
   * @default - none; S3 and DynamoDB have endpoints of another kind, free of charge
   */
  readonly interfaceEndpoints?: EndpointSet[];

  /**
   * Whether tables of DynamoDB are reached without the internet, free of charge. Without, they are reached through a NAT gateway, which charges for
   * each GB and lets through to tables of every account, and from tiers without egress not at all: for networks that nothing in uses a table from
   * (NET-08).
   *
   * @default true
   */
  readonly dynamoDbEndpoint?: boolean;

  /**
   * The tier the interface endpoints stand in, by its name. It must not be a public one.
   *
   * @default - the first private tier, else the first isolated one
   */
  readonly endpointTier?: string;

  /**
   * A bucket that receives the flow logs as Parquet files, instead of a log group. It goes without `encryptionKey` and `flowLogRetention`,
   * which are the bucket's own.
   *
   * @default - the flow logs go to a log group
   */
  readonly flowLogBucket?: s3.IBucket;

  /**
   * The key that encrypts the flow logs, and the log of the function that closes the default security group. A key you own is opened to
   * CloudWatch Logs.
   *
   * @default - a new key, rotated every 365 days; with `flowLogBucket` none is made, and CloudWatch Logs encrypts the log of the function with its own
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
 * NET-05 egress, NET-06 flow logs, NET-07 closed default security group, NET-08 gateway endpoints, NET-12 stable layout,
 * NET-13 interface endpoints, NET-14 network ACLs.
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

  /** The way to DynamoDB that leaves the VPC nowhere, unless it was not wanted. `addToPolicy` opens it to tables of other accounts. */
  public readonly dynamoDbEndpoint?: ec2.GatewayVpcEndpoint;

  /** The way to other AWS services that leaves the VPC nowhere, if one was asked for. */
  public readonly interfaceEndpoints?: InterfaceEndpoints;

  /** What this network takes of the account's quotas and addresses. */
  public readonly footprint: NetworkFootprint;

  constructor(scope: Construct, id: string, props: SecureVpcProps = {}) {
    super(scope, id);

    const plan = new SubnetPlan(props);
    this.refuse(plan.problems);
    const zones = props.availabilityZones ?? zonesOfRegion(plan.zoneCount);
    const egress = egressOf(plan, props.egress);
    this.refuse([...egressProblems(plan, egress), ...networkProblems(plan, props)]);

    this.vpc = withoutZoneLookup(Stack.of(this), () => this.network(plan, zones, egress, props.vpcName));
    this.vpc.with(new NoAutomaticPublicAddresses());
    this.node.defaultChild = this.vpc.node.defaultChild;
    this.addRanges(plan);
    if (egress._isRegional) {
      this.regionalNat = regionalNat(this, this.vpc, zones, egress._allocationIds);
    }
    this.addAcls(plan, props.tiers ?? []);
    this.flowLogs = new VpcFlowLogs(this, 'FlowLogs', {
      vpc: this.vpc,
      bucket: props.flowLogBucket,
      encryptionKey: props.encryptionKey,
      retention: props.flowLogRetention,
      aggregationInterval: props.flowLogAggregationInterval,
      removalPolicy: props.removalPolicy,
    });
    this.vpc.with(new CloseDefaultGroup({ encryptionKey: props.flowLogBucket ? undefined : this.flowLogs.encryptionKey }));
    this.s3Endpoint = this.endpoint('S3Endpoint', ec2.GatewayVpcEndpointAwsService.S3, s3EndpointPolicy(Stack.of(this)));
    if (props.dynamoDbEndpoint ?? true) {
      this.dynamoDbEndpoint = this.endpoint('DynamoDbEndpoint', ec2.GatewayVpcEndpointAwsService.DYNAMODB, dynamoDbEndpointPolicy(Stack.of(this)));
    }
    this.interfaceEndpoints = this.endpointsOf(plan, props);
    const paidEndpoints = Object.keys(this.interfaceEndpoints?.endpoints ?? {}).length;
    this.footprint = footprintOf(plan, { egress, gatewayEndpoints: this.dynamoDbEndpoint ? 2 : 1, interfaceEndpoints: paidEndpoints });

    this.warn(plan, egress);
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
      })),
      createInternetGateway: egress._isRegional || tiers.some(({ kind }) => kind === TierKind.PUBLIC),
      // they stand in the first public tier
      natGateways: egress._isRegional ? 0 : egress.natGateways(zones.length),
      natGatewayProvider: egress._isRegional ? undefined : ec2.NatProvider.gateway({ eipAllocationIds: egress._allocationIds }),
      enableDnsSupport: true,
      enableDnsHostnames: true,
      // CDK's own would leave rules that were added by hand, and open the group when it goes
      restrictDefaultSecurityGroup: false,
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

  private addAcls(plan: SubnetPlan, tiers: NetworkTier[]): void {
    for (const { name, acl } of tiers.filter((tier) => tier.acl)) {
      const networkAcl = new ec2.NetworkAcl(this, `${name}Acl`, { vpc: this.vpc, subnetSelection: { subnetGroupName: name } });
      addRules(networkAcl, acl!.rulesIn([plan.cidr, ...plan.secondaryCidrs]));
    }
  }

  private endpointsOf(plan: SubnetPlan, props: SecureVpcProps): InterfaceEndpoints | undefined {
    return props.interfaceEndpoints && new InterfaceEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      sets: props.interfaceEndpoints,
      subnets: { subnetGroupName: endpointTier(plan, props.endpointTier)!.tier },
      reachedFrom: [plan.cidr, ...plan.secondaryCidrs].map((range) => ec2.Peer.ipv4(range)),
    });
  }

  private endpoint(id: string, service: ec2.GatewayVpcEndpointAwsService, policy: iam.PolicyStatement[]): ec2.GatewayVpcEndpoint {
    const endpoint = new ec2.GatewayVpcEndpoint(this, id, { vpc: this.vpc, service });
    policy.forEach((statement) => endpoint.addToPolicy(statement));
    return endpoint;
  }

  private warn(plan: SubnetPlan, egress: Egress): void {
    if (!this.dynamoDbEndpoint) {
      Annotations.of(this).addWarningV2('secure-network:NET-08', "tables of DynamoDB are reached through the internet, if at all; remove 'dynamoDbEndpoint' if anything here uses one");
    }
    if (plan.zoneCount === 1) {
      Annotations.of(this).addWarningV2('secure-network:NET-02', "this network is in one zone and is lost with it; add a zone and remove 'singleZone'");
    }
    const natZones = egress._natZones(plan.zoneCount);
    if (natZones > 0 && natZones < plan.zoneCount) {
      Annotations.of(this).addWarningV2('secure-network:NET-05', `private tiers of ${plan.zoneCount} zones share ${natZones} NAT gateway and are cut off with its zone; pass Egress.PER_ZONE`);
    }
  }
}
