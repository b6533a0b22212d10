import { Credentials } from '../../target';
import { Check, failed, passed } from '../check';
import { Drill, DrillContext } from './drill';
import { signatureOf } from './signature';
import { withUser } from './user';

/** A method of a REST API that asks who calls. */
export interface GuardedMethod {
  /** How reports call it: `GET /data`. */
  readonly title: string;

  /** Where it answers to a `GET`, as AWS names it. */
  readonly url: (context: DrillContext) => string;
}

const INVOKE = 'execute-api:Invoke';
const DENIED = 403;

/** Who signs and may is answered; who signs and may not, and who does not sign, is refused. */
export function apiAsksWhoCalls({ title, url }: GuardedMethod): Drill {
  return (context) => {
    const ask = async (mayDo: string[]) => withUser(context.target, { mayDo }, async ({ clients: { sts } }) =>
      statusOf(context, url(context), await sts.config.credentials()));
    const check = (who: string, expected: number, answer: () => Promise<number>): Check => ({
      title: `${title}: ${who}`,
      run: async () => {
        const status = await answer();
        return status === expected ? passed : failed(`the answer was ${status}`);
      },
    });
    return [
      check('who signs and may is answered', 200, () => ask([INVOKE])),
      check('who signs and may not is refused', DENIED, () => ask([])),
      check('who does not sign is refused', DENIED, () => statusOf(context, url(context))),
    ];
  };
}

async function statusOf({ target, stack: { region } }: DrillContext, address: string, credentials?: Credentials): Promise<number> {
  const { url, get } = target.api(new URL(address));
  return get(credentials ? signatureOf({ url, service: 'execute-api', region, credentials, at: new Date() }) : {});
}
