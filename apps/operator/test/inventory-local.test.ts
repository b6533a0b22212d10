import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { Home, LocalAws } from '@tapstack/local-aws';
import { Clients } from '../src/clients';
import { belongsToTheAccount, Inventory, takeInventory } from '../src/inventory/inventory';
import { LISTINGS } from '../src/inventory/listings';
import { ACCOUNT } from '../src/inventory/listings/account';
import { InventoryMemory } from '../src/inventory/memory';
import { LocalTarget } from '../src/target';
import { Plant, PLANTS, TURNED_ON } from './_helpers/plants';

/*
 * One resource of every kind is made behind the back of a stack, in a local AWS, and has to be found when the stack has gone.
 */

// a fresh checkout installs a local AWS first
jest.setTimeout(300_000);

let local: LocalAws;
let clients: Clients;
let directory: string;
beforeAll(async () => {
  local = new LocalAws({ port: await freePort(), home: new Home(path.join(__dirname, '..', '..', '..', '.tapstack')) });
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'inventory-'));
  await local.start();
  clients = new LocalTarget(local).clients;
});
afterAll(async () => {
  await local.stop();
  fs.rmSync(directory, { recursive: true });
  fs.rmSync(path.dirname(local.log), { recursive: true });
});

/** What `down` finds after something was made behind the back of a stack. */
async function leftAfter(plant: Plant): Promise<{ name: string | undefined; left: Inventory }> {
  const memory = new InventoryMemory(directory);
  memory.forget('Stack');
  memory.begin('Stack', await takeInventory(clients));
  const name = await plant(clients);
  return { name, left: memory.leftBehind('Stack', await takeInventory(clients), false)! };
}

describe('X-04 what an environment leaves behind is found', () => {
  test('there is a drill for every kind that is listed', () => {
    expect([Object.keys(PLANTS).sort(), Object.keys(TURNED_ON).sort()]).toEqual([Object.keys(LISTINGS).sort(), Object.keys(ACCOUNT).sort()]);
  });

  test.each(Object.entries(PLANTS))('%s', async (kind, plant) => {
    const { name, left } = await leftAfter(plant);
    expect(left.filter((item) => !belongsToTheAccount(item))).toContain(`${kind} ${name}`);
  });
});

describe('X-02 what belongs to the account is no leftover of a stack', () => {
  test.each(Object.entries(TURNED_ON))('%s', async (kind, plant) => {
    const { name, left } = await leftAfter(plant);
    expect(left.filter(belongsToTheAccount)).toEqual([`account: ${kind} ${name}`]);
    expect(left.filter((item) => item.startsWith(kind))).toEqual([]);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
