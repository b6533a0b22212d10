import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { Egress, NetworkTier, SecureVpc, SecureVpcProps, SubnetPlan, TierKind } from '../src';

/** What holds addresses, routes or connections: replacing any of it cuts traffic. */
const LASTING = [
  'AWS::EC2::VPC', 'AWS::EC2::VPCCidrBlock', 'AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::Route',
  'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::InternetGateway', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::FlowLog',
];

const KINDS = [TierKind.PUBLIC, TierKind.PRIVATE, TierKind.ISOLATED];
const EGRESS = { none: Egress.NONE, single: Egress.SINGLE, perZone: Egress.PER_ZONE, regional: Egress.REGIONAL };
const PLANNED_AREA = '10.0.128.0/17';

/** One tier: of exact ranges, or planned with subnets of this size. */
interface TierSketch { readonly kind: TierKind; readonly prefixLength?: number }
interface Layout { readonly tiers: TierSketch[]; readonly zones: number; readonly ranges: number; readonly egress: keyof typeof EGRESS }

/** Exact tier t in zone z sits at 10.0.(8 t + z).0/24: any tier and zone can be added without moving another. */
const tierOf = ({ kind, prefixLength }: TierSketch, t: number, zones: number): NetworkTier => prefixLength === undefined
  ? { name: `Tier${t}`, kind, cidrs: Array.from({ length: zones }, (_, z) => `10.0.${8 * t + z}.0/24`) }
  : { name: `Tier${t}`, kind, prefixLength };

/** The network of a layout; the planned tiers stand in half of the VPC and in what is added to it. */
const propsOf = ({ tiers, zones, ranges, egress }: Layout): SecureVpcProps => {
  const secondaryCidrs = Array.from({ length: ranges }, (_, i) => `10.${i + 2}.0.0/16`);
  return {
    tiers: tiers.map((tier, t) => tierOf(tier, t, zones)), availabilityZoneCount: zones, secondaryCidrs,
    plannedWithin: [PLANNED_AREA, ...secondaryCidrs], egress: EGRESS[egress],
  };
};

const sketch = fc.record({ kind: fc.constantFrom(...KINDS), prefixLength: fc.option(fc.integer({ min: 22, max: 28 }), { nil: undefined }) });

/** A network that can have egress: a public and a private tier, and up to four tiers of any kind, over two or three zones, with room for one more. */
const layout: fc.Arbitrary<Layout> = fc.record({
  tiers: fc.array(sketch, { maxLength: 4 }).map((more) => [{ kind: TierKind.PUBLIC }, { kind: TierKind.PRIVATE, prefixLength: 24 }, ...more]),
  zones: fc.integer({ min: 2, max: 3 }),
  ranges: fc.integer({ min: 0, max: 2 }),
  egress: fc.constantFrom(...Object.keys(EGRESS) as Array<keyof typeof EGRESS>),
});

const withZone = (before: Layout): Layout => ({ ...before, zones: before.zones + 1 });
const withTier = (before: Layout, tier: TierSketch): Layout => ({ ...before, tiers: [...before.tiers, tier] });
const withRange = (before: Layout): Layout => ({ ...before, ranges: before.ranges + 1 });

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

const resourcesOf = (one: Layout) => lastingResources(propsOf(one));

/** Exact ranges for tiers of these kinds over so many zones. */
const exact = (kinds: TierKind[], zones: number): Layout => ({ tiers: kinds.map((kind) => ({ kind })), zones, ranges: 0, egress: 'perZone' });

describe('NET-12 stable layout', () => {
  test('adding a zone changes nothing that is there', () => {
    fc.assert(fc.property(layout, (before) => {
      expect(sameIds(resourcesOf(withZone(before)), resourcesOf(before))).toEqual(resourcesOf(before));
    }), { numRuns: 12 });
  });

  test('adding a tier of any kind, exact or planned, changes nothing that is there', () => {
    fc.assert(fc.property(layout, sketch, (before, tier) => {
      expect(sameIds(resourcesOf(withTier(before, tier)), resourcesOf(before))).toEqual(resourcesOf(before));
    }), { numRuns: 12 });
  });

  test('adding a range to the VPC changes nothing that is there', () => {
    fc.assert(fc.property(layout, (before) => {
      expect(sameIds(resourcesOf(withRange(before)), resourcesOf(before))).toEqual(resourcesOf(before));
    }), { numRuns: 12 });
  });

  test('plans keep their subnets however often they grow', () => {
    const step = fc.oneof(fc.constant(withZone), fc.constant(withRange), sketch.map((tier) => (before: Layout) => withTier(before, tier)));
    fc.assert(fc.property(layout, fc.array(step, { maxLength: 4 }), (first, steps) => {
      const planOf = (one: Layout) => new SubnetPlan(propsOf({ ...one, zones: Math.min(one.zones, 4) }));
      const before = planOf(first);
      const after = planOf(steps.reduce((grown, grow) => grow(grown), first));
      expect([before.problems, after.problems]).toEqual([[], []]);
      expect(after.subnets).toEqual(expect.arrayContaining(before.subnets));
    }), { numRuns: 120 });
  });

  test('the order of tiers of exact ranges does not matter, but for the first public one, which has the NAT gateways', () => {
    const tiers = [TierKind.PUBLIC, TierKind.PRIVATE, TierKind.ISOLATED, TierKind.PUBLIC, TierKind.PRIVATE].map((kind, t) => tierOf({ kind }, t, 2));
    expect(lastingResources({ tiers: [tiers[0], ...tiers.slice(1).reverse()] })).toEqual(lastingResources({ tiers }));
  });

  test('writing a planned layout down as exact ranges changes nothing', () => {
    fc.assert(fc.property(layout, (planned) => {
      const props = propsOf(planned);
      const { subnets } = new SubnetPlan(props);
      const rangesOf = (name: string) => subnets.filter(({ tier }) => tier === name).map(({ cidr }) => cidr);
      const written = props.tiers!.map(({ name, kind }) => ({ name, kind, cidrs: rangesOf(name) }));
      expect(lastingResources({ ...props, tiers: written, plannedWithin: undefined })).toEqual(lastingResources(props));
    }), { numRuns: 10 });
  });

  test('going from one NAT gateway to one per zone moves no Elastic IP and keeps every subnet', () => {
    const before = exact([TierKind.PUBLIC, TierKind.PRIVATE], 3);
    const [single, perZone] = [resourcesOf({ ...before, egress: 'single' }), resourcesOf(before)];
    const isRouteToNat = (resource: unknown) => 'NatGatewayId' in (resource as { Properties: object }).Properties;
    const kept = Object.fromEntries(Object.entries(single).filter(([, resource]) => !isRouteToNat(resource)));
    expect(sameIds(perZone, kept)).toEqual(kept);
    // a route is changed in place: same table, same destination
    expect(Object.keys(perZone)).toEqual(expect.arrayContaining(Object.keys(single)));
  });

  test('going from NAT gateways in zones to a regional one keeps every subnet and changes routes in place', () => {
    const before = exact([TierKind.PUBLIC, TierKind.PRIVATE], 2);
    const [zonal, regional] = [resourcesOf(before), resourcesOf({ ...before, egress: 'regional' })];
    const gone = Object.keys(zonal).filter((id) => !(id in regional)).map((id) => (zonal[id] as { Type: string }).Type);
    expect(gone.sort()).toEqual(['AWS::EC2::EIP', 'AWS::EC2::EIP', 'AWS::EC2::NatGateway', 'AWS::EC2::NatGateway']);
  });

  test('the logical ids of a network are its contract', () => {
    const ids = Object.keys(resourcesOf({ ...exact([TierKind.PUBLIC, TierKind.PRIVATE], 2), ranges: 1 }));
    expect(ids.map((id) => id.slice(0, -8)).sort()).toEqual([
      'NetworkFlowLogsFlowLog', 'NetworkRange1020016', 'NetworkVpc', 'NetworkVpcIGW', 'NetworkVpcVPCGW',
      ...[1, 2].flatMap((z) => ['DefaultRoute', 'EIP', 'NATGateway', 'RouteTable', 'RouteTableAssociation', 'Subnet'].map((part) => `NetworkVpcTier0Subnet${z}${part}`)),
      ...[1, 2].flatMap((z) => ['DefaultRoute', 'RouteTable', 'RouteTableAssociation', 'Subnet'].map((part) => `NetworkVpcTier1Subnet${z}${part}`)),
    ].sort());
  });
});
