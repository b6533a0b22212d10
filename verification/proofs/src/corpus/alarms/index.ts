import { Corpus } from '../../patterns/pattern';
import { CHANGES } from './changes';
import { quietedCalls } from './quieted';
import { unauthorizedApiCalls } from './refusals';
import { rootUsage, signInFailures, signInWithoutMfa } from './sign-ins';

/** What CloudTrail writes into the log group, by the name of the metric filter that must find it, below the id of its construct where that matters. */
export const ALARMS: Corpus[] = [unauthorizedApiCalls, quietedCalls, signInWithoutMfa, rootUsage, signInFailures, ...CHANGES];
