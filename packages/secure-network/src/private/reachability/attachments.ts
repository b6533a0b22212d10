import { Truth } from './model';
import { asList, asObject, Properties, Resource, Value } from './tree';
import { at, numberOf, truthOf, Values } from './values';

/** How a resource is attached to subnets. */
export interface Attachment {
  readonly subnets: Value;
  readonly groups: Value;
  /** Without groups it has the default one of the VPC, or none at all and is open. */
  readonly withoutGroups?: 'default' | 'open';
  readonly publicV4: Truth | 'as-subnet' | 'as-gateway';
  readonly v6: Truth | 'as-subnet';
  readonly address?: Value;
  /** The instance it is attached to, if that is another resource. */
  readonly owner?: Value;
  /** The network interface it is, if that is another resource: Elastic IPs are associated with that, too. */
  readonly card?: Resource;
}

type Reader = (properties: Properties, values: Values) => Attachment[];

/** A service that stands in `subnets`, behind `groups`, and never has a public address. */
function inside(subnets: string[], groups: string[]): Reader {
  return (properties) => one(at(properties, ...subnets), at(properties, ...groups));
}

function one(subnets: Value, groups: Value, publicV4: Attachment['publicV4'] = 'no', v6: Attachment['v6'] = 'as-subnet'): Attachment[] {
  return subnets === undefined ? [] : [{ subnets, groups, publicV4, v6 }];
}

/** A service whose subnets are those of a subnet group. */
function inSubnetGroup(property: string, groups: string, publicV4: (properties: Properties) => Attachment['publicV4'] = () => 'no'): Reader {
  return (properties, values) => {
    const name = properties[property];
    if (name === undefined) return [];
    const subnets = values.resource(name)?.properties.SubnetIds ?? { unknown: name };
    return one(subnets, properties[groups], publicV4(properties));
  };
}

const clusterMember: Reader = (properties, values) => {
  const cluster = asObject(values.resource(properties.DBClusterIdentifier)?.properties);
  const name = properties.DBSubnetGroupName ?? cluster.DBSubnetGroupName;
  if (name === undefined) return [];
  return inSubnetGroup('DBSubnetGroupName', 'VPCSecurityGroups', (own) => truthOrGateway(own.PubliclyAccessible))({
    ...properties,
    DBSubnetGroupName: name,
    VPCSecurityGroups: properties.VPCSecurityGroups ?? cluster.VpcSecurityGroupIds,
  }, values);
};

const publicIfSaid = (properties: Properties): Truth => truthOf(properties.PubliclyAccessible, 'no');

function truthOrGateway(value: Value): Attachment['publicV4'] {
  return value === undefined ? 'as-gateway' : truthOf(value, 'no');
}

function orSubnet(value: Value): Attachment['publicV4'] {
  return value === undefined ? 'as-subnet' : truthOf(value, 'no');
}

function v6Of(properties: Properties): Attachment['v6'] {
  const { Ipv6AddressCount: count, Ipv6Addresses: addresses } = properties;
  if (count === undefined && addresses === undefined) return 'as-subnet';
  return numberOf(count) === 0 || (count === undefined && asList(addresses)?.length === 0) ? 'no' : 'yes';
}

/** What an instance gets of its launch template, under what is said at the instance itself. */
function withTemplate(properties: Properties, template: Value, values: Values): Properties {
  if (template === undefined) return properties;
  const { LaunchTemplateId: id, LaunchTemplateName: name } = asObject(template);
  const resource = values.resource(id ?? name, 'AWS::EC2::LaunchTemplate');
  const unknown = { unknown: id ?? name };
  const data = resource ? asObject(resource.properties.LaunchTemplateData) : { SecurityGroupIds: unknown, AssociatePublicIpAddress: unknown };
  return { ...data, ...properties };
}

/** A network interface that is made with its instance, or made before and given to it. */
function ownInterface(given: Properties, instanceProperties: Properties, values: Values): Attachment {
  const made = values.resource(given.NetworkInterfaceId, 'AWS::EC2::NetworkInterface');
  const item = made?.properties ?? given;
  const unknown = !made && given.NetworkInterfaceId !== undefined ? { unknown: given.NetworkInterfaceId } : undefined;
  return {
    subnets: [item.SubnetId ?? instanceProperties.SubnetId ?? unknown],
    groups: item.GroupSet ?? item.Groups ?? instanceProperties.SecurityGroupIds ?? unknown,
    publicV4: made ? 'no' : orSubnet(item.AssociatePublicIpAddress), v6: v6Of(item), address: fixedAddress(item), card: made,
  };
}

/** The one private address, if it is said and there are no more. */
function fixedAddress({ PrivateIpAddress: address, PrivateIpAddresses: more, SecondaryPrivateIpAddressCount: count }: Properties): Value {
  return more === undefined && count === undefined ? address : undefined;
}

const instance: Reader = (own, values) => {
  const properties = withTemplate(own, own.LaunchTemplate, values);
  const interfaces = (asList(properties.NetworkInterfaces) ?? []).map(asObject);
  if (interfaces.length > 0) return interfaces.map((item) => ownInterface(item, properties, values));
  if (properties.SubnetId === undefined) return [];
  return [{
    subnets: [properties.SubnetId], groups: properties.SecurityGroupIds ?? properties.SecurityGroups, address: fixedAddress(properties),
    publicV4: orSubnet(properties.AssociatePublicIpAddress), v6: v6Of(properties),
  }];
};

const autoScalingGroup: Reader = (own, values) => {
  const mixed = at(own, 'MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification');
  const configuration = values.resource(own.LaunchConfigurationName, 'AWS::AutoScaling::LaunchConfiguration');
  const unknown = own.LaunchConfigurationName === undefined || configuration ? {} : { SecurityGroups: { unknown: own.LaunchConfigurationName } };
  const { SecurityGroupIds, SecurityGroups, NetworkInterfaces, AssociatePublicIpAddress } = withTemplate(
    configuration?.properties ?? unknown, own.LaunchTemplate ?? mixed, values,
  );
  const [first = {}] = (asList(NetworkInterfaces) ?? []).map(asObject);
  const isPublic = orSubnet(first.AssociatePublicIpAddress ?? AssociatePublicIpAddress);
  return one(own.VPCZoneIdentifier, first.Groups ?? SecurityGroupIds ?? SecurityGroups, isPublic, v6Of(first));
};

const loadBalancer: Reader = (properties) => {
  const { Scheme: scheme, Type: type, IpAddressType: addresses } = properties;
  const mapped = asList(properties.SubnetMappings);
  const subnets = properties.Subnets ?? (mapped ? mapped.map((mapping) => asObject(mapping).SubnetId) : properties.SubnetMappings);
  const isPublic: Truth = type === 'gateway' || scheme === 'internal' ? 'no' : scheme === undefined || scheme === 'internet-facing' ? 'yes' : 'maybe';
  const dual: Truth = addresses === undefined || addresses === 'ipv4' ? 'no' : typeof addresses === 'string' ? 'yes' : 'maybe';
  return one(subnets, properties.SecurityGroups, isPublic, isPublic === 'no' ? 'no' : dual)
    .map((attachment) => ({ ...attachment, withoutGroups: type === undefined || type === 'application' ? 'default' : 'open' }));
};

/** Each type of resource that has addresses in subnets, as far as it is read. */
const READERS: Record<string, Reader> = {
  'AWS::EC2::Instance': instance,
  'AWS::EC2::NetworkInterface': (properties) => [{
    subnets: [properties.SubnetId], groups: properties.GroupSet, publicV4: 'no', v6: v6Of(properties), address: fixedAddress(properties),
  }],
  'AWS::EC2::NetworkInterfaceAttachment': ({ InstanceId: owner, NetworkInterfaceId: card }, values) => (
    [{ ...ownInterface({ NetworkInterfaceId: card }, {}, values), owner }]
  ),
  'AWS::AutoScaling::AutoScalingGroup': autoScalingGroup,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancing::LoadBalancer': ({ Subnets: subnets, SecurityGroups: groups, Scheme: scheme }) => one(
    subnets, groups, scheme === undefined || scheme === 'internet-facing' ? 'yes' : scheme === 'internal' ? 'no' : 'maybe',
  ),
  'AWS::Lambda::Function': ({ VpcConfig: config }) => {
    const { SubnetIds: subnets, SecurityGroupIds: groups, Ipv6AllowedForDualStack: v6 } = asObject(config);
    return one(subnets, groups, 'no', truthOf(v6, 'no'));
  },
  'AWS::ECS::Service': (properties) => {
    const network = asObject(at(properties, 'NetworkConfiguration', 'AwsvpcConfiguration'));
    const { AssignPublicIp: assign } = network;
    return one(network.Subnets, network.SecurityGroups, assign === undefined || assign === 'DISABLED' ? 'no' : assign === 'ENABLED' ? 'yes' : 'maybe');
  },
  'AWS::EC2::VPCEndpoint': ({ SubnetIds: subnets, SecurityGroupIds: groups }) => one(subnets, groups),
  'AWS::EC2::InstanceConnectEndpoint': ({ SubnetId: subnet, SecurityGroupIds: groups }) => one(subnet && [subnet], groups),
  'AWS::RDS::DBInstance': clusterMember,
  'AWS::RDS::DBCluster': inSubnetGroup('DBSubnetGroupName', 'VpcSecurityGroupIds', publicIfSaid),
  'AWS::RDS::DBProxy': inside(['VpcSubnetIds'], ['VpcSecurityGroupIds']),
  'AWS::DocDB::DBCluster': inSubnetGroup('DBSubnetGroupName', 'VpcSecurityGroupIds'),
  'AWS::Neptune::DBCluster': inSubnetGroup('DBSubnetGroupName', 'VpcSecurityGroupIds', publicIfSaid),
  'AWS::Redshift::Cluster': inSubnetGroup('ClusterSubnetGroupName', 'VpcSecurityGroupIds', publicIfSaid),
  'AWS::ElastiCache::CacheCluster': inSubnetGroup('CacheSubnetGroupName', 'VpcSecurityGroupIds'),
  'AWS::ElastiCache::ReplicationGroup': inSubnetGroup('CacheSubnetGroupName', 'SecurityGroupIds'),
  'AWS::ElastiCache::ServerlessCache': inside(['SubnetIds'], ['SecurityGroupIds']),
  'AWS::OpenSearchService::Domain': inside(['VPCOptions', 'SubnetIds'], ['VPCOptions', 'SecurityGroupIds']),
  'AWS::Elasticsearch::Domain': inside(['VPCOptions', 'SubnetIds'], ['VPCOptions', 'SecurityGroupIds']),
  'AWS::EFS::MountTarget': ({ SubnetId: subnet, SecurityGroups: groups }) => one([subnet], groups),
  'AWS::MSK::Cluster': inside(['BrokerNodeGroupInfo', 'ClientSubnets'], ['BrokerNodeGroupInfo', 'SecurityGroups']),
  'AWS::AmazonMQ::Broker': ({ SubnetIds: subnets, SecurityGroups: groups, PubliclyAccessible: accessible }) => one(subnets, groups, truthOf(accessible, 'no')),
};

/** The types that hosts are read from, and those these refer to. */
export const HOST_TYPES = [
  ...Object.keys(READERS),
  'AWS::EC2::EIP', 'AWS::EC2::EIPAssociation', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::RDS::DBSubnetGroup', 'AWS::DocDB::DBSubnetGroup',
  'AWS::Neptune::DBSubnetGroup', 'AWS::Redshift::ClusterSubnetGroup', 'AWS::ElastiCache::SubnetGroup',
];

/** How `resource` is attached to subnets; not at all for most. */
export function attachmentsOf({ type, properties }: Resource, values: Values): Attachment[] {
  return READERS[type]?.(properties, values) ?? [];
}
