import * as path from 'node:path';
import { run } from '../program';
import { Answer, Matcher } from './pattern';

/** The evaluator of the local AWS, where it is tested on every example that AWS documents. */
const LOCAL_AWS = path.join(path.dirname(require.resolve('@tapstack/local-aws/package.json')), 'python');

/** Metric filters, evaluated on log events; an answer that hangs on what AWS does not document is none. */
export function metricFilters(python: string): Matcher {
  return async (questions) => {
    const asked = questions.map(({ pattern, event }) => ({ pattern, message: JSON.stringify(event) }));
    return JSON.parse(await run(python, ['-B', '-m', 'tapstack_local_aws.metric_filters'], { cwd: LOCAL_AWS, input: JSON.stringify(asked) })) as Answer[];
  };
}
