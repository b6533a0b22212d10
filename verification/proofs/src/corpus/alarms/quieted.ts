import { ACCOUNT } from '../../deployment';
import { Corpus } from '../../patterns/pattern';
import { call, callers, refused } from '../records';
import { unauthorizedApiCalls } from './refusals';

/** Who may be refused without anybody hearing of it, in the gallery (AUD-17). */
export const QUIETED = {
  role: `arn:aws:iam::${ACCOUNT}:role/Prober`,
  user: `arn:aws:iam::${ACCOUNT}:user/prober`,
  service: 'config.amazonaws.com',
};

const sessionOf = (role: string): Record<string, unknown> => ({
  ...callers.role, sessionContext: { ...callers.role.sessionContext, sessionIssuer: { ...callers.role.sessionContext.sessionIssuer, arn: role } },
});
const refusedTo = (userIdentity: Record<string, unknown>) => refused('s3', 'GetBucketPolicy', 'AccessDenied', { userIdentity });

/** The exceptions are unheard, and nobody else is. */
export const quietedCalls: Corpus = {
  id: 'Quieted/UnauthorizedApiCalls',
  matches: {
    ...unauthorizedApiCalls.matches,
    'a role that only begins the same': refusedTo(sessionOf(`${QUIETED.role}2`)),
    'a session of another role, named after the role': refusedTo({ ...sessionOf(`arn:aws:iam::${ACCOUNT}:role/Operator`), arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/Prober` }),
    'another user': refusedTo(callers.user),
    'another service': refusedTo({ ...callers.role, invokedBy: 'lambda.amazonaws.com' }),
    'the root user': refusedTo(callers.root),
    'a service by itself, which has no ARN': refusedTo(callers.service),
  },
  ignores: {
    ...unauthorizedApiCalls.ignores,
    'the role': refusedTo(sessionOf(QUIETED.role)),
    'the user': refusedTo({ ...callers.user, arn: QUIETED.user, userName: 'prober' }),
    'the service, in the name of a role': refusedTo({ ...callers.role, invokedBy: QUIETED.service }),
    'the role, and what it may do': call('s3', 'GetBucketPolicy', { userIdentity: sessionOf(QUIETED.role) }),
  },
};
