import * as fs from 'node:fs';
import { AddressInfo, Server } from 'node:net';
import * as path from 'node:path';
import { runServer } from 'verdaccio';
import { Artefact } from './artefacts';
import { run } from './program';

/** A real npm registry on loopback that has our packages and nothing else. */
export class NpmRegistry {
  public static async start(directory: string): Promise<NpmRegistry> {
    fs.mkdirSync(directory, { recursive: true });
    const everybody = ['$all'];
    const settings = {
      storage: path.join(directory, 'storage'),
      configPath: path.join(directory, 'config.yaml'),
      self_path: directory,
      packages: { '@tapstack/*': { access: everybody, publish: everybody } },
      uplinks: {},
      auth: {},
      web: { enable: false },
      log: { type: 'stdout', format: 'pretty', level: 'error' },
    };
    const server = await (runServer as (settings: object) => Promise<Server>)(settings);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new NpmRegistry(server, directory);
  }

  private constructor(private readonly server: Server, private readonly directory: string) {}

  /** Lines of an .npmrc that gets our packages from here and all others from where they always come from. */
  public get npmrc(): string {
    // npm asks for a token before it publishes; this registry asks for none
    return `@tapstack:registry=http://${this.address}/\n//${this.address}/:_authToken=none\n`;
  }

  public async publish({ tarball }: Artefact): Promise<void> {
    fs.writeFileSync(path.join(this.directory, '.npmrc'), this.npmrc);
    await run('npm', ['publish', tarball, '--tag', 'latest'], { cwd: this.directory });
  }

  public stop(): Promise<void> {
    return new Promise((resolve) => { this.server.close(() => resolve()); });
  }

  private get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
