import { alarms } from './alarms';
import { buckets } from './buckets';
import { functions } from './functions';
import { instances } from './instances';
import { keys } from './keys';
import { logs } from './logs';
import { network } from './network';
import { outputs } from './outputs';
import { Posture } from './posture';
import { roles } from './roles';
import { topics } from './topics';

/** Everything that is read back from every stack. */
export const POSTURE: readonly Posture[] = [network, instances, buckets, keys, logs, topics, alarms, roles, functions, outputs];
