import { Confirmed, neverSeen, seenOf, unseen } from '../src/confirmed';

const RECORD: Confirmed = {
  confirmed: {
    'GET /data: who signs: is answered': ['D-08'], 'every bucket: is private': ['B-12', 'D-02'], 'every bucket: keeps versions': ['B-12'],
  },
  notVerifiable: { 'Database: asks for TLS': { confirms: ['B-04'], because: 'there is none' } },
};

test('what was seen of a requirement is said in one sentence for each thing', () => {
  expect(seenOf('B-12', RECORD)).toEqual({ confirmed: ['every bucket: is private; keeps versions'], notVerifiable: [] });
  expect(seenOf('D-08', RECORD).confirmed).toEqual(['GET /data: who signs: is answered']);
});

test('what somebody may do stands before what it must not', () => {
  const confirmed = { 'Role: may not read': ['X-08'], 'Role: may write': ['X-08'] };
  expect(seenOf('X-08', { confirmed, notVerifiable: {} }).confirmed).toEqual(['Role: may write; may not read']);
});

test('what nobody can tell says why', () => {
  expect(seenOf('B-04', RECORD)).toEqual({ confirmed: [], notVerifiable: ['Database: asks for TLS: there is none'] });
});

test('a requirement is unseen if it was neither confirmed nor said to be not verifiable', () => {
  expect(unseen(['B-04', 'B-12', 'B-1', 'X-01'], RECORD)).toEqual(['B-1', 'X-01']);
});

test('a statement that is on no record is never seen', () => {
  const statements = { 'every bucket': { 'is private': [], 'is empty': [] }, 'Database': { 'asks for TLS': [] } };
  expect(neverSeen(statements, [{ confirmed: {}, notVerifiable: {} }, RECORD])).toEqual(['every bucket: is empty']);
});
