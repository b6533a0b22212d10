"""What a refusal is, and how each AWS protocol says it."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from ministack.core.responses import error_response_json, new_uuid

Response = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Rule:
    """One row of the table of rules: what AWS does that the emulator alone would not."""

    id: str
    says: str
    doc: str


class Refusal(Exception):
    """AWS refuses the request; `handler_code` is what CloudFormation calls it."""

    def __init__(self, code: str, message: str, status: int = 400, handler_code: str = "InvalidRequest") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.handler_code = handler_code


def as_response(service: str, refusal: Refusal, *, json: bool = False) -> Response:
    """Return the refusal in the wire format of `service`, so that every SDK raises the error AWS's would.

    `json` is for services that speak two protocols: the answer follows the question.
    """
    if service == "s3":
        return _xml(refusal, f"<Error>{_error(refusal)}<RequestId>{new_uuid()}</RequestId></Error>")
    if service == "ec2":
        error = f"<Errors><Error>{_error(refusal)}</Error></Errors>"
        return _xml(refusal, f"<Response>{error}<RequestID>{new_uuid()}</RequestID></Response>")
    if service in _QUERY_SERVICES and not json:
        error = f"<Error><Type>Sender</Type>{_error(refusal)}</Error>"
        return _xml(refusal, f"<ErrorResponse>{error}<RequestId>{new_uuid()}</RequestId></ErrorResponse>")
    return error_response_json(refusal.code, refusal.message, refusal.status)


def as_stack_event(service: str, refusal: Refusal) -> str:
    """Return the refusal as the reason of a CREATE_FAILED, UPDATE_FAILED or DELETE_FAILED event.

    The error code stands beside the status because operators and runbooks search for it.
    """
    origin = f"Service: {_SERVICE_NAMES.get(service, service)}, Status Code: {refusal.status}"
    return (
        f'Resource handler returned message: "{refusal.message} ({origin}, Error Code: {refusal.code}, '
        f'Request ID: {new_uuid()})" (RequestToken: {new_uuid()}, HandlerErrorCode: {refusal.handler_code})'
    )


_QUERY_SERVICES = frozenset({"cloudformation", "iam", "rds", "sns", "sqs", "sts"})
_SERVICE_NAMES = {
    "autoscaling": "AutoScaling",
    "cloudtrail": "CloudTrail",
    "config": "Config",
    "ec2": "Ec2",
    "iam": "Iam",
    "kms": "Kms",
    "lambda": "Lambda",
    "logs": "CloudWatchLogs",
    "rds": "Rds",
    "s3": "S3",
    "sns": "Sns",
    "sqs": "Sqs",
}


def _error(refusal: Refusal) -> str:
    return f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"


def _xml(refusal: Refusal, body: str) -> Response:
    return refusal.status, {"Content-Type": "text/xml"}, body.encode()
