import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { CreateStackCommand, DeleteStackCommand, UpdateTerminationProtectionCommand, waitUntilStackCreateComplete, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { Home, LocalAws } from '@tapstack/local-aws';
import { Clients } from '../src/clients';
import { belongsToTheAccount, Inventory, takeInventory } from '../src/inventory/inventory';
import { keptByDesign } from '../src/inventory/kept';
import { LISTINGS } from '../src/inventory/listings';
import { ACCOUNT } from '../src/inventory/listings/account';
import { InventoryMemory } from '../src/inventory/memory';
import { stopIfProtected } from '../src/protections';
import { LocalTarget } from '../src/target';
import { DeployedStack } from '../src/verify/deployed-stack';
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

/** A queue and a database, protected and kept as a stage that is regulated protects and keeps them. */
const REGULATED = JSON.stringify({
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'RetainExceptOnCreate' },
    Topic: { Type: 'AWS::SNS::Topic' },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      DeletionPolicy: 'Snapshot',
      Properties: {
        DBInstanceClass: 'db.t3.micro', Engine: 'mysql', AllocatedStorage: '20', MasterUsername: 'operator', ManageMasterUserPassword: true,
        BackupRetentionPeriod: 35, DeleteAutomatedBackups: false, DeletionProtection: true,
      },
    },
  },
});

test('X-04 a protected stack goes once somebody has lifted that, and what its template keeps is no leftover', async () => {
  const { cloudFormation, rds } = clients;
  const waiting = [{ client: cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: 'Regulated' }] as const;
  const before = await takeInventory(clients);
  await cloudFormation.send(new CreateStackCommand({ StackName: 'Regulated', TemplateBody: REGULATED, EnableTerminationProtection: true }));
  await waitUntilStackCreateComplete(...waiting);
  const stack = await DeployedStack.read(clients, 'Regulated');
  const DBInstanceIdentifier = stack.resource('AWS::RDS::DBInstance').physicalId;

  await expect(stopIfProtected(clients, stack)).rejects.toThrow(`update-termination-protection --no-enable-termination-protection --stack-name Regulated && aws rds modify-db-instance --no-deletion-protection --apply-immediately --db-instance-identifier ${DBInstanceIdentifier}`);
  await cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName: 'Regulated', EnableTerminationProtection: false }));
  await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, DeletionProtection: false, ApplyImmediately: true }));
  await stopIfProtected(clients, stack);

  await cloudFormation.send(new DeleteStackCommand({ StackName: 'Regulated' }));
  await waitUntilStackDeleteComplete(...waiting);
  const kept = await keptByDesign(clients, stack);
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/left/behind' }));
  const its = (await takeInventory(clients)).filter((item) => !before.includes(item));
  const kind = (item: string) => item.slice(0, item.lastIndexOf(' '));
  expect(its.filter((item) => kept.has(item)).map(kind)).toEqual(['database backup', 'database snapshot', 'queue']);
  expect(its.filter((item) => !kept.has(item))).toEqual(['log group /left/behind']);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
