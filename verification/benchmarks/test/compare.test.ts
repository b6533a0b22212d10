import { compare, Round } from '../src/compare';

const side = (cpuMilliseconds: number, templateBytes = 1000, resources: Record<string, number> = { 'AWS::S3::Bucket': 2 }) => ({ cpuMilliseconds, templateBytes, resources });
const round = (ours: number, handWritten: number): Round => ({ ours: side(ours), handWritten: side(handWritten) });

describe('compare', () => {
  test('takes the median of the ratios of the rounds, not the ratio of the sums', () => {
    const { cpu } = compare([round(110, 100), round(900, 300), round(105, 100)]);
    expect(cpu).toEqual({ median: 1.1, least: 1.05, most: 3 });
  });

  test('takes the mean of the two in the middle of an even number of rounds', () => {
    expect(compare([round(100, 100), round(120, 100)]).cpu.median).toBeCloseTo(1.1);
  });

  test('compares the bytes and counts the resources', () => {
    expect(compare([{ ours: side(1, 1100), handWritten: side(1, 1000) }])).toMatchObject({ templateBytes: 1.1, resources: 2 });
  });

  test('fails when one side makes fewer resources', () => {
    const unequal: Round = { ours: side(1), handWritten: side(1, 1000, { 'AWS::S3::Bucket': 1, 'AWS::KMS::Key': 1 }) };
    expect(() => compare([unequal])).toThrow('the two sides do not make the same resources: AWS::KMS::Key 0 against 1, AWS::S3::Bucket 2 against 1');
  });

  test('takes the two ways to close the default group of a network for one', () => {
    const [ours, byHand] = ['Custom::ClosedDefaultGroup', 'Custom::VpcRestrictDefaultSG'].map((type) => side(1, 1000, { [type]: 1 }));
    expect(compare([{ ours, handWritten: byHand }]).resources).toBe(1);
    expect(() => compare([{ ours, handWritten: side(1, 1000, {}) }])).toThrow('Custom::ClosedDefaultGroup 1 against 0');
  });

  test('fails when a template differs from round to round', () => {
    const other: Round = { ours: side(1, 1001), handWritten: side(1) };
    expect(() => compare([round(1, 1), other])).toThrow("the template of 'ours' differs from round to round");
  });
});
