import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/** The subnets of a database: none of them public, and in two zones at least, as far as that is known at synthesis. */
export function databaseSubnets(scope: IConstruct, vpc: ec2.IVpc, selection?: ec2.SubnetSelection): ec2.SubnetSelection {
  const subnets = vpc.selectSubnets(selection ?? mostPrivate(scope, vpc));
  if (subnets.hasPublic) {
    throw new Error(`'subnets' must not be public, got ${subnets.subnets.map(({ node }) => `'${node.path}'`).join(', ')}; pass private or isolated ones [${scope.node.path}]`);
  }

  // a zone that is only known at deployment is a token; the same token twice is the same zone
  const zones = new Set(subnets.availabilityZones.map((zone) => JSON.stringify(Stack.of(scope).resolve(zone))));
  if (!subnets.isPendingLookup && zones.size < 2) {
    throw new Error(`'subnets' must lie in at least two availability zones, which RDS asks for, got ${[...zones].join(', ') || 'none'}; pass subnets of another zone too [${scope.node.path}]`);
  }
  return { subnets: subnets.subnets };
}

function mostPrivate(scope: IConstruct, vpc: ec2.IVpc): ec2.SubnetSelection {
  if (vpc.isolatedSubnets.length > 0) return { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  if (vpc.privateSubnets.length > 0) return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };

  throw new Error(`'vpc' must have isolated or private subnets, got '${vpc.node.path}' with neither [${scope.node.path}]`);
}
