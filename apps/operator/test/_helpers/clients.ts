import { Clients } from '../../src/clients';

// as in main.ts
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** What an AWS call answers: a value, or what a function makes of its input; an error is thrown. */
export type Answers = Record<string, unknown>;

/** Clients that call nobody. `calls` has the name and the input of every call, in order. */
export interface StubbedClients {
  readonly clients: Clients;
  readonly calls: [string, Record<string, unknown>][];
}

/** Clients that answer what is said by the name of the call (`DescribeVpcs`), and fail for any other. */
export function stubClients(answers: Answers): StubbedClients {
  const clients = new Clients({ region: 'us-east-1', credentials: { accessKeyId: 'nobody', secretAccessKey: 'nobody' } });
  const calls: [string, Record<string, unknown>][] = [];
  for (const client of Object.values(clients)) {
    Object.assign(client, {
      send: async ({ constructor, input }: { constructor: { name: string }; input: Record<string, unknown> }) => {
        const name = constructor.name.replace(/Command$/, '');
        calls.push([name, input]);
        if (!(name in answers)) throw new Error(`nobody expected ${name}`);
        const answer = answers[name];
        const said: unknown = typeof answer === 'function' ? answer(input) : answer;
        if (said instanceof Error) throw said;
        return said;
      },
    });
  }
  return { clients, calls };
}

/** An error as AWS names it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
