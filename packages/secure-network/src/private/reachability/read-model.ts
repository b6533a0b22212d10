import { HOST_TYPES } from './attachments';
import { Model, Subnet } from './model';
import { readAcls } from './read-acls';
import { groupElsewhere, readGroups } from './read-groups';
import { readHosts } from './read-hosts';
import { readPrefixLists, RouteReader } from './read-routes';
import { SubnetReader } from './read-subnets';
import { Resource, Value } from './tree';
import { Values } from './values';

/** The types of resources that say where traffic may flow. */
export const NETWORK_TYPES: ReadonlySet<string> = new Set([
  ...['VPC', 'VPCCidrBlock', 'Subnet', 'SubnetCidrBlock', 'RouteTable', 'SubnetRouteTableAssociation', 'Route', 'InternetGateway', 'VPCGatewayAttachment', 'VPNGateway',
    'VPNGatewayRoutePropagation', 'NatGateway', 'EgressOnlyInternetGateway', 'VPCPeeringConnection', 'NetworkAcl', 'NetworkAclEntry', 'SubnetNetworkAclAssociation',
    'SecurityGroup', 'SecurityGroupIngress', 'SecurityGroupEgress', 'PrefixList'].map((name) => `AWS::EC2::${name}`),
  ...HOST_TYPES,
]);

/** Puts the networks together that `resources` make up. */
export function readModel(resources: readonly Resource[], values: Values): Model {
  const subnets = new Map<string, Subnet>();
  const prefixLists = readPrefixLists(resources, values);
  const groups = readGroups(resources, values, prefixLists);
  const subnetOf = (value: Value) => model.subnet(values.id(value));
  const routes = new RouteReader(resources, values, prefixLists, subnetOf);
  const reader = new SubnetReader(resources, values, { tables: routes.tables(), acls: readAcls(resources, values), routes });
  for (const resource of resources) {
    if (resource.type === 'AWS::EC2::Subnet') subnets.set(resource.path, reader.subnet(resource));
  }
  const model: Model = {
    subnets,
    groups,
    hosts: [],
    subnet: (id) => subnets.get(id.key) ?? remember(subnets, id.key, reader.elsewhere(id)),
    group: (id) => groups.get(id.key) ?? remember(groups, id.key, groupElsewhere(id, values)),
  };
  model.hosts.push(...readHosts(resources, {
    values, subnet: subnetOf, group: (value) => model.group(values.id(value)), hasInternetGateway: (vpc) => routes.hasInternetGateway(vpc),
  }));
  return model;
}

function remember<T>(map: Map<string, T>, key: string, value: T): T {
  map.set(key, value);
  return value;
}
