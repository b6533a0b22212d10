import { Aws, Fn, Token } from 'aws-cdk-lib';
import { NetworkTier, SubnetPlan, SubnetPlanProps, TierKind } from '../src';
import { ONE_ZONE, TWO_ZONES } from './_helpers/layouts';

const { PUBLIC, PRIVATE, ISOLATED } = TierKind;
const tier = (cidrs: string[], name = 'App', kind = PRIVATE): NetworkTier => ({ name, kind, cidrs });

describe('SubnetPlan', () => {
  describe('NET-01 exact addresses', () => {
    test('B-01 gives each subnet the range that was written', () => {
      const plan = new SubnetPlan({ cidr: '10.0.0.0/16', tiers: TWO_ZONES });
      expect(plan.problems).toEqual([]);
      expect(plan.subnets).toEqual([
        { tier: 'Public', kind: PUBLIC, zone: 1, cidr: '10.0.1.0/24', usableAddresses: 251 },
        { tier: 'Public', kind: PUBLIC, zone: 2, cidr: '10.0.2.0/24', usableAddresses: 251 },
        { tier: 'Private', kind: PRIVATE, zone: 1, cidr: '10.0.3.0/24', usableAddresses: 251 },
        { tier: 'Private', kind: PRIVATE, zone: 2, cidr: '10.0.4.0/24', usableAddresses: 251 },
      ]);
    });

    test('lays out three tiers over two zones when silent, with room for more', () => {
      const plan = new SubnetPlan();
      expect(plan.problems).toEqual([]);
      expect(plan.subnets.map(({ tier: name, kind, zone, cidr }) => [name, kind, zone, cidr])).toEqual([
        ['Public', PUBLIC, 1, '10.0.0.0/20'], ['Public', PUBLIC, 2, '10.0.16.0/20'],
        ['Private', PRIVATE, 1, '10.0.64.0/20'], ['Private', PRIVATE, 2, '10.0.80.0/20'],
        ['Isolated', ISOLATED, 1, '10.0.128.0/20'], ['Isolated', ISOLATED, 2, '10.0.144.0/20'],
      ]);
    });

    test.each([['10.0.0.0/16', '10.0.176.0/20'], ['172.16.4.0/22', '172.16.6.192/26'], ['192.168.7.0/24', '192.168.7.176/28']])(
      'lays out the default tiers in %s over four zones', (cidr, last) => {
        const plan = new SubnetPlan({ cidr, availabilityZones: ['a', 'b', 'c', 'd'] });
        expect(plan.problems).toEqual([]);
        expect(plan.subnets.at(-1)).toMatchObject({ tier: 'Isolated', zone: 4, cidr: last });
      });

    test('the default layout keeps its subnets when zones are added', () => {
      const of = (zones: string[]) => new SubnetPlan({ availabilityZones: zones }).subnets;
      expect(of(['a', 'b', 'c'])).toEqual(expect.arrayContaining(of(['a', 'b'])));
    });

    test.each([['/28', '10.0.0.0/28', 11], ['/16', '10.0.0.0/16', 65531]])('leaves five addresses of a %s to AWS', (_, cidr, usable) => {
      expect(new SubnetPlan({ tiers: [tier([cidr])], singleZone: true }).subnets[0].usableAddresses).toBe(usable);
    });

    test('leaves ranges that are tokens to the deployment', () => {
      const plan = new SubnetPlan({ cidr: Aws.STACK_NAME, tiers: [tier([Fn.select(0, Fn.cidr('10.0.0.0/16', 2, '8')), '10.0.1.0/24'])] });
      expect(plan.problems).toEqual([]);
      expect(plan.subnets[0].usableAddresses).toBeUndefined();
    });

    // one thing wrong each; the message is the whole of what is said
    const refused: Array<[string, SubnetPlanProps, string]> = [
      ['host bits in a subnet', { tiers: [tier(['10.0.1.5/24', '10.0.2.0/24'])] },
        "the CIDR of 'App' in zone 1 must begin at the first address of its range, got 10.0.1.5/24; use 10.0.1.0/24"],
      ['host bits in the VPC', { cidr: '10.0.1.0/16' }, "'cidr' must begin at the first address of its range, got 10.0.1.0/16; use 10.0.0.0/16"],
      ['no CIDR', { tiers: [tier(['10.0.1.0', '10.0.2.0/24'])] }, "the CIDR of 'App' in zone 1 must be an IPv4 CIDR like 10.0.1.0/24, got '10.0.1.0'"],
      ['an octet too large', { tiers: [tier(['10.0.1.0/24', '10.0.256.0/24'])] }, "the CIDR of 'App' in zone 2 must be an IPv4 CIDR like 10.0.1.0/24, got '10.0.256.0/24'"],
      ['IPv6', { tiers: [tier(['10.0.1.0/24', '2001:db8::/64'])] }, "the CIDR of 'App' in zone 2 must be an IPv4 CIDR like 10.0.1.0/24, got '2001:db8::/64'"],
      ['an empty range', { cidr: '' }, "'cidr' must be an IPv4 CIDR like 10.0.1.0/24, got ''"],
      ['a subnet too small', { tiers: [tier(['10.0.1.0/29', '10.0.2.0/24'])] }, "the CIDR of 'App' in zone 1 must be between /16 and /28, got 10.0.1.0/29"],
      ['a VPC too large', { cidr: '10.0.0.0/15' }, "'cidr' must be between /16 and /28, got 10.0.0.0/15"],
      ['a VPC too small', { cidr: '10.0.0.0/29', tiers: [tier(['10.0.0.0/28', '10.0.0.16/28'])] }, "'cidr' must be between /16 and /28, got 10.0.0.0/29"],
      ['outside the VPC', { tiers: [tier(['10.0.1.0/24', '10.1.2.0/24'])] }, "the CIDR of 'App' in zone 2 must be inside the VPC 10.0.0.0/16, got 10.1.2.0/24"],
      ['larger than the VPC', { cidr: '10.0.0.0/24', tiers: [tier(['10.0.0.0/23'])], singleZone: true }, "the CIDR of 'App' in zone 1 must be inside the VPC 10.0.0.0/24, got 10.0.0.0/23"],
      ['an overlap within a tier', { tiers: [tier(['10.0.1.0/24', '10.0.1.128/25'])] },
        "subnets must not overlap, got 10.0.1.0/24 for 'App' in zone 1 and 10.0.1.128/25 for 'App' in zone 2"],
      ['the same range twice', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24']), tier(['10.0.3.0/24', '10.0.1.0/24'], 'Data')] },
        "subnets must not overlap, got 10.0.1.0/24 for 'App' in zone 1 and 10.0.1.0/24 for 'Data' in zone 2"],
      ['a public range', { cidr: '8.8.0.0/16' }, "'cidr' must be in a private address range, got 8.8.0.0/16; use one in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
      ['just above 172.16.0.0/12', { cidr: '172.32.0.0/16' }, "'cidr' must be in a private address range, got 172.32.0.0/16; use one in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"],
      ['a VPC too small for the default tiers', { cidr: '10.0.0.0/25' }, "'cidr' must be /24 or larger for the default tiers, got 10.0.0.0/25; pass 'tiers'"],
      ['a VPC range only known at deployment, and no tiers', { cidr: Aws.STACK_NAME }, "'cidr' must be known at synthesis to lay out the default tiers, got a token; pass 'tiers'"],
      ['no tiers', { tiers: [], availabilityZones: ['a', 'b'] }, "'tiers' must not be empty; leave it out for the default layout"],
      ['a name twice', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24']), tier(['10.0.3.0/24', '10.0.4.0/24'], 'app')] }, "the name of a tier must be unique, case aside, got 'app' twice"],
      ['a name with a blank', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24'], 'my app')] }, "the name of a tier must be a letter, then at most 31 letters, digits and '-', got 'my app'"],
      ['no name', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24'], '')] }, "the name of a tier must be a letter, then at most 31 letters, digits and '-', got ''"],
      ['a long name', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24'], 'a'.repeat(33))] }, `the name of a tier must be a letter, then at most 31 letters, digits and '-', got '${'a'.repeat(33)}'`],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(new SubnetPlan(props).problems).toEqual([problem]);
    });

    test.each(['10.0.0.0/16', '172.31.0.0/16', '192.168.0.0/16', '100.127.0.0/16'])('takes the private range %s', (cidr) => {
      expect(new SubnetPlan({ cidr }).problems).toEqual([]);
    });

    test('fails with everything that is wrong, not only the first', () => {
      expect(new SubnetPlan({ tiers: [tier(['10.0.1.5/24', '10.9.0.0/24']), tier(['10.0.3.0/24'], 'Data')] }).problems).toHaveLength(3);
    });
  });

  describe('NET-01 planned addresses', () => {
    const sized = (prefixLength: number, name = 'App', kind = PRIVATE): NetworkTier => ({ name, kind, prefixLength });
    const rangesOf = (props: SubnetPlanProps) => {
      const plan = new SubnetPlan(props);
      return [plan.problems, plan.subnets.map((subnet) => `${subnet.tier} ${subnet.zone} ${subnet.cidr}`)];
    };

    test('gives each tier the first free block with room for four zones', () => {
      expect(rangesOf({ tiers: [sized(24, 'Public', PUBLIC), sized(20, 'App'), sized(26, 'Data', ISOLATED)], availabilityZoneCount: 3 })).toEqual([[], [
        'Public 1 10.0.0.0/24', 'Public 2 10.0.1.0/24', 'Public 3 10.0.2.0/24',
        'App 1 10.0.64.0/20', 'App 2 10.0.80.0/20', 'App 3 10.0.96.0/20',
        'Data 1 10.0.4.0/26', 'Data 2 10.0.4.64/26', 'Data 3 10.0.4.128/26',
      ]]);
    });

    test('keeps as much room as is asked for', () => {
      expect(rangesOf({ tiers: [sized(24), sized(24, 'Data')], roomForZones: 2 })).toEqual([[], ['App 1 10.0.0.0/24', 'App 2 10.0.1.0/24', 'Data 1 10.0.2.0/24', 'Data 2 10.0.3.0/24']]);
    });

    test('plans in the area that exact ranges leave free', () => {
      expect(rangesOf({ tiers: [...TWO_ZONES, sized(24)], plannedWithin: ['10.0.128.0/17'] })[1]).toEqual(expect.arrayContaining(['App 1 10.0.128.0/24', 'App 2 10.0.129.0/24']));
    });

    test('goes on in the next range when one is full', () => {
      expect(rangesOf({ cidr: '10.0.0.0/22', secondaryCidrs: ['100.64.0.0/16'], tiers: [sized(24), sized(24, 'Data')] }))
        .toEqual([[], ['App 1 10.0.0.0/24', 'App 2 10.0.1.0/24', 'Data 1 100.64.0.0/24', 'Data 2 100.64.1.0/24']]);
    });

    test('fills a VPC to its last address', () => {
      expect(rangesOf({ cidr: '192.168.0.0/24', tiers: [sized(26)] })).toEqual([[], ['App 1 192.168.0.0/26', 'App 2 192.168.0.64/26']]);
    });

    const refused: Array<[string, SubnetPlanProps, string]> = [
      ['neither way to a range', { tiers: [{ name: 'App', kind: PRIVATE }] }, "'App' must have 'cidrs' or 'prefixLength', got neither"],
      ['both ways', { tiers: [{ ...sized(24), cidrs: ['10.0.1.0/24', '10.0.2.0/24'] }] }, "'App' must have 'cidrs' or 'prefixLength', got both; leave one out"],
      ['subnets too large', { tiers: [sized(15)] }, "the 'prefixLength' of 'App' must be between 16 and 28, got 15"],
      ['subnets too small', { tiers: [sized(29)] }, "the 'prefixLength' of 'App' must be between 16 and 28, got 29"],
      ['half a bit', { tiers: [sized(24.5)] }, "the 'prefixLength' of 'App' must be between 16 and 28, got 24.5"],
      ['a size only known at deployment', { tiers: [sized(Token.asNumber({ Ref: 'Size' }))] }, "the 'prefixLength' of 'App' must be known at synthesis, got a token; pass 'cidrs'"],
      ['no room in the VPC', { cidr: '10.0.0.0/22', tiers: [sized(24), sized(24, 'Data')] },
        "the /24 subnets of 'Data' must fit in, got no free /22 for 4 zones in 10.0.0.0/22; use smaller subnets, or append a range to 'secondaryCidrs'"],
      ['a VPC only known at deployment', { cidr: Aws.STACK_NAME, tiers: [sized(24)] },
        "tiers with a 'prefixLength' must be laid out in ranges known at synthesis, got a token; pass 'plannedWithin', or 'cidrs'"],
      ['more zones than room', { tiers: [sized(24)], availabilityZoneCount: 5 },
        "'roomForZones' must be at least the number of zones, got 4 for 5 zones; to add a zone beyond the room, write the ranges there are as 'cidrs' (SubnetPlan lists them) and append"],
      ['no room at all', { tiers: [sized(24)], roomForZones: 0 }, "'roomForZones' must be between 1 and 6, got 0"],
      ['room for more zones than there are', { tiers: [sized(24)], roomForZones: 8 }, "'roomForZones' must be between 1 and 6, got 8"],
      ['an area outside the VPC', { tiers: [sized(24)], plannedWithin: ['10.1.0.0/16'] }, "'plannedWithin' must be inside the VPC 10.0.0.0/16, got 10.1.0.0/16"],
      ['an area with host bits', { tiers: [sized(24)], plannedWithin: ['10.0.1.0/17'] }, "'plannedWithin' must begin at the first address of its range, got 10.0.1.0/17; use 10.0.0.0/17"],
      ['an area of unknown length', { tiers: [sized(24)], plannedWithin: Fn.getAzs() }, "'plannedWithin' must be a list of known length, got a token; select its items with Fn.select"],
      ['a plan on top of exact ranges', { tiers: [tier(['10.0.0.0/24', '10.0.9.0/24'], 'Old'), sized(24)] },
        "subnets must not overlap, got 10.0.0.0/24 for 'Old' in zone 1 and 10.0.0.0/24 for 'App' in zone 1"],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(new SubnetPlan(props).problems).toEqual([problem]);
    });
  });

  describe('NET-01 further ranges of the VPC', () => {
    test.each([['10.0.0.0/16', '10.1.0.0/16'], ['10.0.0.0/16', '100.64.0.0/16'], ['172.16.0.0/16', '172.20.0.0/16'], ['100.64.0.0/16', '100.65.0.0/16'], ['192.168.0.0/20', '192.168.16.0/20']])(
      '%s may be joined by %s, and subnets stand in either', (cidr, second) => {
        const in24 = (range: string) => range.replace(/\/.*/, '/24');
        expect(new SubnetPlan({ cidr, secondaryCidrs: [second], tiers: [tier([in24(cidr), in24(second)])] }).problems).toEqual([]);
      });

    const refused: Array<[string, SubnetPlanProps, string]> = [
      ['another private range', { secondaryCidrs: ['172.16.0.0/16'] }, "'secondaryCidrs' must be in the private range of 'cidr', or in 100.64.0.0/10, got 172.16.0.0/16; use one in 10.0.0.0/8, 100.64.0.0/10"],
      ['a private range beside a shared one', { cidr: '100.64.0.0/16', secondaryCidrs: ['10.0.0.0/16'] },
        "'secondaryCidrs' must be in the private range of 'cidr', or in 100.64.0.0/10, got 10.0.0.0/16; use one in 100.64.0.0/10"],
      ['a public range', { secondaryCidrs: ['8.8.0.0/16'] }, "'secondaryCidrs' must be in the private range of 'cidr', or in 100.64.0.0/10, got 8.8.0.0/16; use one in 10.0.0.0/8, 100.64.0.0/10"],
      ['a range AWS keeps', { cidr: '172.16.0.0/16', secondaryCidrs: ['172.31.0.0/16'] }, "'secondaryCidrs' must not be in 172.31.0.0/16, got 172.31.0.0/16; AWS refuses it"],
      ['10.0.0.0/16 beside its neighbour', { cidr: '10.1.0.0/16', secondaryCidrs: ['10.0.0.0/16'] }, "'secondaryCidrs' must not be in 10.0.0.0/16 beside 10.1.0.0/16, got 10.0.0.0/16; AWS refuses it"],
      ['an overlap with the first', { cidr: '10.4.0.0/16', secondaryCidrs: ['10.4.128.0/17'] }, 'the ranges of the VPC must not overlap, got 10.4.0.0/16 and 10.4.128.0/17'],
      ['the same range twice', { secondaryCidrs: ['10.2.0.0/16', '10.2.0.0/16'] }, 'the ranges of the VPC must not overlap, got 10.2.0.0/16 and 10.2.0.0/16'],
      ['host bits', { secondaryCidrs: ['10.2.0.1/16'] }, "'secondaryCidrs' must begin at the first address of its range, got 10.2.0.1/16; use 10.2.0.0/16"],
      ['a range too large', { secondaryCidrs: ['10.2.0.0/15'] }, "'secondaryCidrs' must be between /16 and /28, got 10.2.0.0/15"],
      ['too many', { secondaryCidrs: Array.from({ length: 50 }, (_, i) => `10.${i + 2}.0.0/16`) }, "'secondaryCidrs' must have at most 49 items, got 50"],
      ['a list of unknown length', { secondaryCidrs: Token.asList({ Ref: 'Ranges' }) }, "'secondaryCidrs' must be a list of known length, got a token; select its items with Fn.select"],
      ['a subnet outside all of them', { secondaryCidrs: ['10.2.0.0/16'], tiers: [tier(['10.2.1.0/24', '10.3.1.0/24'])] }, "the CIDR of 'App' in zone 2 must be inside the VPC 10.0.0.0/16, 10.2.0.0/16, got 10.3.1.0/24"],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(new SubnetPlan(props).problems).toEqual([problem]);
    });

    test('leaves a range that is a token to the deployment', () => {
      expect(new SubnetPlan({ secondaryCidrs: [Aws.STACK_NAME], tiers: [tier(['10.0.1.0/24', '10.9.1.0/24'])] }).problems).toEqual([]);
    });
  });

  describe('NET-01 reserved ranges', () => {
    test('lie beside the subnets, at any size', () => {
      expect(new SubnetPlan({ reservedCidrs: ['10.0.192.0/18', '10.0.255.255/32'] }).problems).toEqual([]);
    });

    const refused: Array<[string, SubnetPlanProps, string]> = [
      ['an exact subnet in one', { tiers: [tier(['10.0.1.0/24', '10.0.2.0/24'])], reservedCidrs: ['10.0.2.128/25'] },
        "the reserved range 10.0.2.128/25 must stay free of subnets, got 10.0.2.0/24 for 'App' in zone 2; move the tier, or lay it out elsewhere with 'plannedWithin'"],
      ['a planned subnet in one', { tiers: [{ name: 'App', kind: PRIVATE, prefixLength: 24 }], reservedCidrs: ['10.0.1.0/24'] },
        "the reserved range 10.0.1.0/24 must stay free of subnets, got 10.0.1.0/24 for 'App' in zone 2; move the tier, or lay it out elsewhere with 'plannedWithin'"],
      ['one outside the VPC', { reservedCidrs: ['10.9.0.0/24'] }, "'reservedCidrs' must be inside the VPC 10.0.0.0/16, got 10.9.0.0/24"],
      ['host bits', { reservedCidrs: ['10.0.250.1/24'] }, "'reservedCidrs' must begin at the first address of its range, got 10.0.250.1/24; use 10.0.250.0/24"],
      ['no range', { reservedCidrs: ['later'] }, "'reservedCidrs' must be an IPv4 CIDR like 10.0.1.0/24, got 'later'"],
      ['a list of unknown length', { reservedCidrs: Token.asList({ Ref: 'Ranges' }) }, "'reservedCidrs' must be a list of known length, got a token; select its items with Fn.select"],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(new SubnetPlan(props).problems).toEqual([problem]);
    });
  });

  describe('NET-02 zones', () => {
    test('X-06 spans as many zones as asked for', () => {
      expect(new SubnetPlan({ availabilityZoneCount: 3 })).toMatchObject({ problems: [], zoneCount: 3 });
    });

    test('P-03 X-06 takes one zone when it is asked for by name', () => {
      expect(new SubnetPlan({ tiers: ONE_ZONE, singleZone: true })).toMatchObject({ problems: [], zoneCount: 1 });
    });

    test('lays out the default tiers in one zone when asked to', () => {
      expect(new SubnetPlan({ singleZone: true }).subnets.map((subnet) => subnet.cidr)).toEqual(['10.0.0.0/20', '10.0.64.0/20', '10.0.128.0/20']);
    });

    const refused: Array<[string, SubnetPlanProps, string]> = [
      ['X-06 one zone that was not asked for', { tiers: ONE_ZONE }, "a network must span at least 2 zones so that one can fail, got 1; add zones, or choose 'singleZone: true'"],
      ['one zone by name that was not asked for', { availabilityZones: ['us-east-1a'] }, "a network must span at least 2 zones so that one can fail, got 1; add zones, or choose 'singleZone: true'"],
      ['no zone', { availabilityZones: [] }, "a network must span at least 2 zones so that one can fail, got 0; add zones, or choose 'singleZone: true'"],
      ['single zone with two', { tiers: TWO_ZONES, singleZone: true }, "'singleZone' must go with exactly 1 zone, got 2; remove 'singleZone', or the other zones"],
      ['a tier with fewer zones than the first', { tiers: [...TWO_ZONES, tier(['10.0.9.0/24'])] }, "the 'cidrs' of 'App' must have one item for each of the 2 zones, got 1"],
      ['a tier with more zones than the first', { tiers: [...TWO_ZONES, tier(['10.0.7.0/24', '10.0.8.0/24', '10.0.9.0/24'])] }, "the 'cidrs' of 'App' must have one item for each of the 2 zones, got 3"],
      ['fewer ranges than zones by name', { tiers: [TWO_ZONES[0]], availabilityZones: ['a', 'b', 'c'] }, "the 'cidrs' of 'Public' must have one item for each of the 3 zones, got 2"],
      ['a count and names', { availabilityZones: ['a', 'b'], availabilityZoneCount: 2 }, "'availabilityZoneCount' must not go with 'availabilityZones', got 2 and 2 names; leave one out"],
      ['half a zone', { availabilityZoneCount: 2.5 }, "'availabilityZoneCount' must be a whole number, got 2.5"],
      ['a count only known at deployment', { availabilityZoneCount: Token.asNumber({ Ref: 'Zones' }) }, "'availabilityZoneCount' must be known at synthesis, got a token"],
      ['another count than there are ranges', { tiers: [TWO_ZONES[0]], availabilityZoneCount: 3 }, "the 'cidrs' of 'Public' must have one item for each of the 3 zones, got 2"],
      ['the same zone twice', { availabilityZones: ['us-east-1a', 'us-east-1a'] }, "'availabilityZones' must not repeat a zone, got 'us-east-1a' twice"],
      ['more zones than the default tiers have room for', { availabilityZones: ['a', 'b', 'c', 'd', 'e'] }, "the default tiers must span at most 4 zones, got 5; pass 'tiers'"],
      ['more zones than any region has', { tiers: [tier([1, 2, 3, 4, 5, 6, 7].map((i) => `10.0.${i}.0/24`))] }, 'a network must span at most 6 zones, got 7; no region has more'],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(new SubnetPlan(props).problems).toEqual([problem]);
    });

    test('fails on lists whose length is known only at deployment', () => {
      const list = Token.asList({ Ref: 'Ranges' });
      expect(new SubnetPlan({ tiers: [...TWO_ZONES, tier(list)] }).problems)
        .toEqual(["the 'cidrs' of 'App' must be a list of known length, got a token; select its items with Fn.select"]);
      expect(new SubnetPlan({ availabilityZones: Fn.getAzs() }).problems)
        .toEqual(["'availabilityZones' must be a list of known length, got a token; select its items with Fn.select"]);
    });
  });
});
