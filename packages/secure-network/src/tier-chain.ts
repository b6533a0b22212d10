import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceConnectEndpoint } from './instance-connect-endpoint';
import { Outbound } from './outbound';

/**
 * A workload in three tiers: who reaches it, on which ports each tier serves the one before, and what the application reaches besides.
 */
export interface TierChainOptions {
  /**
   * Who reaches the load balancer: address ranges, prefix lists (CloudFront has one), groups. Any address is possible on TCP 80 and 443 only (NET-11).
   */
  readonly reachedFrom: ec2.IPeer[];

  /**
   * The ports of the load balancer.
   *
   * @default - TCP 443
   */
  readonly loadBalancerPorts?: ec2.Port[];

  /**
   * The port of the application, which the load balancer reaches, for requests and health checks.
   */
  readonly applicationPort: ec2.Port;

  /**
   * The port of the database, which the application reaches.
   *
   * @default - TCP 3306, MySQL
   */
  readonly databasePort?: ec2.Port;

  /**
   * What the application may reach besides the database.
   *
   * @default - nothing
   */
  readonly applicationEgress?: Outbound[];

  /**
   * From where administrators may use SSH on the machines of the application. Ranges wider than /8 (IPv6: /32) are refused (NET-10).
   *
   * @default - from nowhere; Session Manager needs no open port
   */
  readonly sshFrom?: ec2.IPeer[];

  /**
   * The endpoint through which administrators may use SSH on the machines of the application (NET-10).
   *
   * @default - none
   */
  readonly instanceConnect?: InstanceConnectEndpoint;
}

/**
 * The groups of a workload in three tiers.
 */
export interface TierChain {
  /** Reached from outside, reaches the application only. */
  readonly loadBalancer: ec2.SecurityGroup;

  /** Reached from the load balancer, and from administrators if that was asked for; reaches the database. */
  readonly application: ec2.SecurityGroup;

  /** Reached from the application only, reaches nothing. */
  readonly database: ec2.SecurityGroup;
}
