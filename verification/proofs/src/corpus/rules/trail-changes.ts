import { Corpus } from '../../patterns/pattern';
import { call, callers, each, look, onTheBus, refused } from '../records';

const trail = { requestParameters: { name: 'audit' } };
const stopped = call('cloudtrail', 'StopLogging', trail);

/** What takes the trail out of service, or makes it record less, and nothing else (AUD-19). */
export const trailChanges: Corpus = {
  id: 'TrailChanges',
  matches: Object.fromEntries([
    ...Object.entries(each(['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'], (eventName) => call('cloudtrail', eventName, trail))),
    ['by the root user', { ...stopped, userIdentity: callers.root }],
    ['by a user', { ...stopped, userIdentity: callers.user }],
    ['by CloudFormation', call('cloudtrail', 'DeleteTrail', { ...trail, userIdentity: { ...callers.role, invokedBy: 'cloudformation.amazonaws.com' } })],
  ].map(([title, record]) => [title as string, onTheBus(record as Record<string, unknown>)])),
  ignores: {
    'a look at the trails': onTheBus(look('cloudtrail', 'DescribeTrails')),
    'a look at what they record': onTheBus(look('cloudtrail', 'GetEventSelectors')),
    'a trail that starts': onTheBus(call('cloudtrail', 'StartLogging', trail)),
    'a new trail': onTheBus(call('cloudtrail', 'CreateTrail', trail)),
    'a stop that was refused': onTheBus(refused('cloudtrail', 'StopLogging', 'AccessDenied', trail)),
    'a flow log that is deleted': onTheBus(call('ec2', 'DeleteFlowLogs')),
    'an event that anyone put on the bus': onTheBus(stopped, { source: 'com.example.forged' }),
    'an insight, not a call': onTheBus(stopped, { 'detail-type': 'AWS Insight via CloudTrail' }),
    'a record of another service in the name of CloudTrail': onTheBus({ ...stopped, eventSource: 'cloudtraildata.amazonaws.com' }, { source: 'aws.cloudtrail' }),
  },
};
