/** What CloudFormation asks of a custom resource. */
export interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** What a custom resource answers: who it is from now on, and what the template may read. */
export interface Answer {
  readonly physicalResourceId: string;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * A handler that does what is asked and tells CloudFormation how it went: an error is the reason of a failed resource.
 *
 * Only an answer that could not be delivered is thrown, so that Lambda tries again and in the end keeps the request: without an
 * answer the stack waits.
 */
export function customResource(perform: (request: Request) => Promise<Answer>): (request: Request) => Promise<void> {
  return async (request) => {
    const about = { requestType: request.RequestType, logicalResourceId: request.LogicalResourceId };
    try {
      const answer = await perform(request);
      log('INFO', 'done', { ...about, ...answer });
      await deliver(request, { Status: 'SUCCESS', PhysicalResourceId: answer.physicalResourceId, Data: answer.data });
    } catch (error) {
      log('ERROR', 'failed', { ...about, error: String(error) });
      if (error instanceof NotDelivered) throw error;
      await deliver(request, { Status: 'FAILED', PhysicalResourceId: request.PhysicalResourceId ?? request.RequestId, Reason: String(error) });
    }
  };
}

class NotDelivered extends Error {
  public readonly name = 'NotDelivered';
}

async function deliver(request: Request, answer: object): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...answer });
  // the address is signed for an empty content type
  const put = { method: 'PUT', headers: { 'content-type': '' }, body, signal: AbortSignal.timeout(10_000) };
  const { ok, status } = await fetch(ResponseURL, put).catch((error: Error) => { throw new NotDelivered(String(error.cause ?? error)); });
  if (!ok) throw new NotDelivered(`CloudFormation answered ${status}`);
}

function log(level: string, message: string, details: object): void {
  console.log(JSON.stringify({ level, message, ...details }));
}
