import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InterfaceEndpoints } from './interface-endpoints';
import { ENDPOINT_RULE, PeerRule } from './private/peer-rule';

/**
 * Something that a tier may reach outside its chain.
 */
export class Outbound {
  /** TCP 80 at any IPv4 address: package repositories that redirect. */
  public static readonly HTTP = new Outbound(() => [{ peer: ec2.Peer.anyIpv4(), port: ec2.Port.tcp(80), description: 'HTTP to any address' }]);

  /** TCP 443 at any IPv4 address: AWS APIs, package repositories. */
  public static readonly HTTPS = new Outbound(() => [{ peer: ec2.Peer.anyIpv4(), port: ec2.Port.tcp(443), description: 'HTTPS to any address' }]);

  /**
   * UDP and TCP 53 inside the VPC, where its resolver and your own resolver endpoints are. The resolver of AWS answers in any case:
   * security groups do not apply to it. Port 53 at any address would be a way out for data, so it is not what this means.
   */
  public static readonly DNS = new Outbound((vpc) => Outbound.dnsRules(ec2.Peer.ipv4(vpc.vpcCidrBlock), 'DNS inside the VPC'));

  /**
   * UDP and TCP 53 at a resolver of your own.
   *
   * @param resolver where the resolver is
   */
  public static dnsTo(resolver: ec2.IPeer): Outbound {
    return new Outbound(() => Outbound.dnsRules(resolver, 'DNS to a named resolver'));
  }

  /**
   * TCP 443 at interface endpoints: AWS services, and nothing of the internet.
   *
   * @param endpoints the endpoints
   */
  public static toEndpoints(endpoints: InterfaceEndpoints): Outbound {
    return Outbound.to(endpoints.securityGroup, ec2.Port.tcp(443), ENDPOINT_RULE);
  }

  /**
   * Anything else, said in a sentence. Ports must be named; any address is for web ports only.
   *
   * @param peer where to
   * @param port which ports
   * @param description why; up to 255 letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`
   */
  public static to(peer: ec2.IPeer, port: ec2.Port, description: string): Outbound {
    return new Outbound(() => [{ peer, port, description }]);
  }

  private static dnsRules(peer: ec2.IPeer, description: string): PeerRule[] {
    return [ec2.Port.udp(53), ec2.Port.tcp(53)].map((port) => ({ peer, port, description }));
  }

  private constructor(private readonly rules: (vpc: ec2.IVpc) => PeerRule[]) {}

  /**
   * The rules this stands for in `vpc`.
   *
   * @internal
   */
  public _rulesIn(vpc: ec2.IVpc): PeerRule[] {
    return this.rules(vpc);
  }
}
