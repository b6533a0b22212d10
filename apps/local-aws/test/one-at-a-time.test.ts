import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneAtATime } from '../src/one-at-a-time';
import { temporaryFolder } from './_helpers/folders';

/** No process has it: the kernel gives out lower ones. */
const NOBODY = 4_194_305;

let lock: string;
beforeEach(() => { lock = path.join(temporaryFolder(), 'lock'); });

test('the second waits until the first has done', async () => {
  const heard: string[] = [];
  const speak = (who: string) => oneAtATime(lock, async () => {
    heard.push(`${who} begins`);
    await sleep(50);
    heard.push(`${who} ends`);
    return who;
  });
  await expect(Promise.all([speak('one'), speak('two')])).resolves.toEqual(['one', 'two']);
  expect(heard).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  expect(fs.readdirSync(path.dirname(lock))).toEqual([]);
});

test('somebody who was killed in the middle holds nobody up', async () => {
  fs.writeFileSync(lock, `${NOBODY}`);
  await expect(oneAtATime(lock, async () => 'done')).resolves.toBe('done');
});

test('somebody who failed makes room', async () => {
  await expect(oneAtATime(lock, async () => { throw new Error('broken'); })).rejects.toThrow('broken');
  await expect(oneAtATime(lock, async () => 'done')).resolves.toBe('done');
});
