import { alarms } from './alarms';
import { buckets } from './buckets';
import { databases } from './databases';
import { fleets } from './fleets';
import { functions } from './functions';
import { instances } from './instances';
import { keys } from './keys';
import { logs } from './logs';
import { network } from './network';
import { outputs } from './outputs';
import { Posture } from './posture';
import { queues } from './queues';
import { roles } from './roles';
import { rules } from './rules';
import { topics } from './topics';
import { trails } from './trails';

/** Everything that is read back from every stack. */
export const POSTURE: readonly Posture[] = [
  network, instances, fleets, buckets, databases, keys, logs, topics, queues, rules, alarms, trails, roles, functions, outputs,
];
