import { Corpus } from '../../patterns/pattern';
import { CHANGES } from './changes';
import { unauthorizedApiCalls } from './refusals';
import { rootUsage, signInFailures, signInWithoutMfa } from './sign-ins';

/** What CloudTrail writes into the log group, by the name of the metric filter that must find it. */
export const ALARMS: Corpus[] = [unauthorizedApiCalls, signInWithoutMfa, rootUsage, signInFailures, ...CHANGES];
