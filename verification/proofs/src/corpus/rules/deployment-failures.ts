import { ACCOUNT, REGION } from '../../deployment';
import { Corpus } from '../../patterns/pattern';

/** A stack changes its status, as CloudFormation puts it on the bus. */
function status(name: string, { detailType = 'CloudFormation Stack Status Change', source = 'aws.cloudformation' } = {}): object {
  const stack = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/TapStackdev/6b3c0f60-0000-4000-8000-00000000000e`;
  return {
    'version': '0', 'id': '0f3b6c6a-0000-4000-8000-00000000000f', 'detail-type': detailType, 'source': source, 'account': ACCOUNT,
    'time': '2026-11-25T09:30:00Z', 'region': REGION, 'resources': [stack],
    'detail': { 'stack-id': stack, 'status-details': { 'status': name, 'status-reason': '' }, 'client-request-token': 'token' },
  };
}

const named = (...names: string[]): Record<string, object> => Object.fromEntries(names.map((name) => [name, status(name)]));

/** Every way in which a deployment fails, the ordinary ones included: a failed create normally ends in a rollback (R-01, AUD-20). */
export const deploymentFailures: Corpus = {
  id: 'Failures',
  matches: named(
    'CREATE_FAILED', 'DELETE_FAILED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_FAILED',
  ),
  ignores: {
    ...named(
      'CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE',
      'REVIEW_IN_PROGRESS', 'IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE',
    ),
    'a resource that failed, of which its stack will tell': status('CREATE_FAILED', { detailType: 'CloudFormation Resource Status Change' }),
    'a stack set': status('CREATE_FAILED', { detailType: 'CloudFormation StackSet Operation Status Change' }),
    'anybody else, in its words': status('CREATE_FAILED', { source: 'com.example.forged' }),
  },
};
