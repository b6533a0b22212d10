import * as fc from 'fast-check';
import { Cidr } from '../src/private/cidr';

const range = fc.record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) });
const write = (address: number, prefix: number) => `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${prefix}`;
/** First and last address, by big integers: another way to the same answer. */
const bounds = ({ address, prefix }: { address: number; prefix: number }) => {
  const mask = (1n << BigInt(32 - prefix)) - 1n;
  return { first: BigInt(address) & ~mask, last: BigInt(address) | mask };
};

describe('Cidr', () => {
  test('is written as it was read', () => {
    fc.assert(fc.property(range, ({ address, prefix }) => {
      expect(String(Cidr.parse(write(address, prefix)))).toBe(write(address, prefix));
    }));
  });

  test('is canonical at its first address and nowhere else', () => {
    fc.assert(fc.property(range, (one) => {
      const cidr = Cidr.parse(write(one.address, one.prefix))!;
      expect(cidr.isCanonical).toBe(bounds(one).first === BigInt(one.address));
      expect(String(cidr.canonical)).toBe(write(Number(bounds(one).first), one.prefix));
    }));
  });

  test('overlaps and contains as its bounds say', () => {
    // pairs near each other: two random ranges of the whole space hardly ever meet
    const near = fc.tuple(range, fc.integer({ min: 0, max: 4096 }), fc.integer({ min: 16, max: 32 }))
      .map(([one, distance, prefix]) => [one, { address: Math.min(one.address + distance, 2 ** 32 - 1), prefix }]);
    fc.assert(fc.property(near, ([one, other]) => {
      const [a, b] = [Cidr.parse(write(one.address, one.prefix))!, Cidr.parse(write(other.address, other.prefix))!];
      const [x, y] = [bounds(one), bounds(other)];
      expect(a.overlaps(b)).toBe(x.first <= y.last && y.first <= x.last);
      expect(b.overlaps(a)).toBe(a.overlaps(b));
      expect(a.contains(b)).toBe(x.first <= y.first && y.last <= x.last);
    }));
  });

  test('is cut into blocks that fill it without overlap', () => {
    const blocks = Array.from({ length: 16 }, (_, i) => Cidr.parse('10.20.0.0/16')!.block(20, i));
    expect(blocks.map(String)).toEqual(Array.from({ length: 16 }, (_, i) => `10.20.${i * 16}.0/20`));
  });

  test.each(['', '10.0.0.0', '10.0.0/24', '10.0.0.0/33', '10.0.0.256/24', '010.0.0.0/8', '10.0.0.0/08', ' 10.0.0.0/8', '10.0.0.0/8\n', '::/0', '10.0.0.0/-1', '1e1.0.0.0/8'])(
    'does not read %j', (text) => {
      expect(Cidr.parse(text)).toBeUndefined();
    });
});
