import * as auditTrail from '../src';

test('exports nothing before its first construct is finished', () => {
  expect(Object.keys(auditTrail)).toEqual([]);
});
