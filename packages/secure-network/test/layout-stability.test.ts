import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { Egress, NetworkTier, SecureVpc, SecureVpcProps, TierKind } from '../src';

/** What holds addresses, routes or connections: replacing any of it cuts traffic. */
const LASTING = [
  'AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::Route',
  'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::InternetGateway', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::FlowLog',
];

const KINDS = [TierKind.PUBLIC, TierKind.PRIVATE, TierKind.ISOLATED];
const EGRESS = { none: Egress.NONE, single: Egress.SINGLE, perZone: Egress.PER_ZONE };

interface Layout { readonly tiers: NetworkTier[]; readonly egress: keyof typeof EGRESS }

/** Tier t in zone z sits at 10.0.(32 t + z).0/24: any tier and zone can be added without moving another. */
const tierOf = (t: number, kind: TierKind, zones: number): NetworkTier => ({
  name: `Tier${t}`, kind, cidrs: Array.from({ length: zones }, (_, z) => `10.0.${32 * t + z}.0/24`),
});

/** A network that can have egress: a public and a private tier, and up to three tiers of any kind, over two to four zones. */
const layout: fc.Arbitrary<Layout> = fc.record({
  kinds: fc.array(fc.constantFrom(...KINDS), { maxLength: 3 }),
  zones: fc.integer({ min: 2, max: 4 }),
  egress: fc.constantFrom(...Object.keys(EGRESS) as Array<keyof typeof EGRESS>),
}).map(({ kinds, zones, egress }) => ({
  tiers: [TierKind.PUBLIC, TierKind.PRIVATE, ...kinds].map((kind, t) => tierOf(t, kind, zones)), egress,
}));

const withZone = ({ tiers, egress }: Layout): Layout => ({ egress, tiers: tiers.map((tier, t) => tierOf(t, tier.kind, tier.cidrs.length + 1)) });
const withTier = ({ tiers, egress }: Layout, kind: TierKind): Layout => ({
  egress, tiers: [...tiers, tierOf(tiers.length, kind, tiers[0].cidrs.length)],
});

function lastingResources(props: SecureVpcProps): Record<string, unknown> {
  const stack = new Stack();
  new SecureVpc(stack, 'Network', props);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  return Object.fromEntries(Object.entries(Resources).filter(([, resource]) => LASTING.includes(resource.Type)));
}

/** Of `after`, what carries the logical ids of `before`. */
function sameIds(after: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(before).map((id) => [id, after[id]]));
}

const resourcesOf = ({ tiers, egress }: Layout) => lastingResources({ tiers, egress: EGRESS[egress] });

describe('NET-12 stable layout', () => {
  test('adding a zone changes nothing that is there', () => {
    fc.assert(fc.property(layout, (before) => {
      expect(sameIds(resourcesOf(withZone(before)), resourcesOf(before))).toEqual(resourcesOf(before));
    }), { numRuns: 20 });
  });

  test('adding a tier of any kind changes nothing that is there', () => {
    fc.assert(fc.property(layout, fc.constantFrom(...KINDS), (before, kind) => {
      expect(sameIds(resourcesOf(withTier(before, kind)), resourcesOf(before))).toEqual(resourcesOf(before));
    }), { numRuns: 20 });
  });

  test('the order of tiers does not matter, but for the first public one, which has the NAT gateways', () => {
    fc.assert(fc.property(layout, ({ tiers, egress }) => {
      const reordered = { tiers: [tiers[0], ...tiers.slice(1).reverse()], egress };
      expect(resourcesOf(reordered)).toEqual(resourcesOf({ tiers, egress }));
    }), { numRuns: 10 });
  });

  test('going from one NAT gateway to one per zone moves no Elastic IP and keeps every subnet', () => {
    const before = { tiers: [0, 1].map((t) => tierOf(t, KINDS[t], 3)), egress: Egress.SINGLE };
    const [single, perZone] = [lastingResources(before), lastingResources({ ...before, egress: Egress.PER_ZONE })];
    const isRouteToNat = (resource: unknown) => 'NatGatewayId' in (resource as { Properties: object }).Properties;
    const kept = Object.fromEntries(Object.entries(single).filter(([, resource]) => !isRouteToNat(resource)));
    expect(sameIds(perZone, kept)).toEqual(kept);
    // a route is changed in place: same table, same destination
    expect(Object.keys(perZone)).toEqual(expect.arrayContaining(Object.keys(single)));
  });

  test('the logical ids of a network are its contract', () => {
    const ids = Object.keys(lastingResources({ tiers: [0, 1].map((t) => tierOf(t, KINDS[t], 2)) }));
    expect(ids.map((id) => id.slice(0, -8)).sort()).toEqual([
      'NetworkFlowLogsFlowLog', 'NetworkVpc', 'NetworkVpcIGW', 'NetworkVpcVPCGW',
      ...[1, 2].flatMap((z) => ['DefaultRoute', 'EIP', 'NATGateway', 'RouteTable', 'RouteTableAssociation', 'Subnet'].map((part) => `NetworkVpcTier0Subnet${z}${part}`)),
      ...[1, 2].flatMap((z) => ['DefaultRoute', 'RouteTable', 'RouteTableAssociation', 'Subnet'].map((part) => `NetworkVpcTier1Subnet${z}${part}`)),
    ].sort());
  });
});
