import { DeployedEnvironment } from './deployed-environment';
import { InlineFunction } from './inline-function';

/** Asks an address of API Gateway, with its own signature or with none; on a local AWS the same API answers below another address. */
const CODE = `
const { createHash, createHmac } = require('node:crypto');
const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_REGION: region, AWS_ENDPOINT_URL: local } = process.env;
const hash = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function located(url) {
  const { hostname, pathname } = new URL(url);
  const [, stage, ...path] = pathname.split('/');
  return local ? new URL(['/restapis', hostname.split('.')[0], stage, '_user_request_', ...path].join('/'), local) : new URL(url);
}

function signature({ host, pathname }) {
  const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '');
  const scope = [time.slice(0, 8), region, 'execute-api', 'aws4_request'];
  const headers = { host, 'x-amz-date': time, 'x-amz-security-token': token };
  const names = Object.keys(headers).join(';');
  const request = ['GET', pathname, '', ...Object.entries(headers).map((one) => one.join(':')), '', names, hash('')].join('\\n');
  const key = scope.reduce(hmac, 'AWS4' + secret);
  const signed = createHmac('sha256', key).update(['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\\n')).digest('hex');
  const { host: _, ...sent } = headers;
  return { ...sent, authorization: 'AWS4-HMAC-SHA256 Credential=' + [id, ...scope].join('/') + ', SignedHeaders=' + names + ', Signature=' + signed };
}

exports.handler = async ({ url, signed }) => {
  const address = located(url);
  const answer = await fetch(address, { headers: signed ? signature(address) : {} });
  return { status: answer.status, body: await answer.text() };
};
`;

/** Asks an API, once as somebody who signs and may, once as nobody, and compares the answers. */
export function asksWhoCalls(environment: DeployedEnvironment, body: string): void {
  const caller = new InlineFunction(environment.assertionStack, 'ApiCaller', CODE, {
    actions: ['execute-api:Invoke'], resources: [environment.exported('ApiMethodArn')],
  });
  const url = environment.exported('ApiUrl');
  environment.answers(caller, { url, signed: true }, { status: 200, body });
  environment.answers(caller, { url, signed: false }, { status: 403 });
}
