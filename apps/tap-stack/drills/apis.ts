import { AttachRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { apiAsksWhoCalls, Clients, confirming, Drill, roleDoesItsJob } from '@tapstack/operator';
import { DRILL } from './calls';
import { writesTo } from './roles';

/** The role that API Gateway writes logs with: the account's, which the stack makes if there is none. */
const API_LOGS_ROLE = 'api-gateway-logs';

/** Who signs and may is answered, and nobody else (D-08). */
export const apiAnswersWhoSigns: Drill = confirming(['D-08'], apiAsksWhoCalls({ title: 'GET /data', url: ({ stack }) => stack.output('ApiUrl') }));

/** The role of the function that gives the account that role. */
export const accountOfApisIsSet: Drill = confirming(['X-07', 'X-08'], roleDoesItsJob({
  role: 'ApiGatewayAccountSetterRole',
  service: 'lambda.amazonaws.com',
  may: ({ stack }) => [
    writesTo('write its log', stack, stack.resource('AWS::Logs::LogGroup', 'ApiGatewayAccountLogs').physicalId),
    {
      title: 'make the role that APIs write logs with', action: 'iam:CreateRole', resource: `arn:aws:iam::${stack.account}:role/${API_LOGS_ROLE}`,
      call: (as) => makeRoleUnlessThere(as, API_LOGS_ROLE),
    },
  ],
  mayNot: ({ stack }) => [
    {
      title: 'make another role', action: 'iam:CreateRole', resource: `arn:aws:iam::${stack.account}:role/${DRILL}`,
      call: (as) => makeRoleUnlessThere(as, DRILL),
    },
    {
      title: 'let that role do more than write logs', action: 'iam:AttachRolePolicy', resource: `arn:aws:iam::${stack.account}:role/${API_LOGS_ROLE}`,
      call: (as) => as.iam.send(new AttachRolePolicyCommand({ RoleName: API_LOGS_ROLE, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
    },
    writesTo('write to the log group of the trail', stack, stack.output('TrailLogGroup')),
  ],
}));

/** Who may make a role that is there is told so, and who may not is denied: nothing changes. */
async function makeRoleUnlessThere(as: Clients, RoleName: string): Promise<void> {
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } }] };
  await as.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) })).catch((error: Error) => {
    if (error.name !== 'EntityAlreadyExistsException' && error.name !== 'EntityAlreadyExists') throw error;
  });
}
