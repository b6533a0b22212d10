"""What a refusal is, and how each AWS protocol says it."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from ministack.core.responses import error_response_json, error_response_xml, new_uuid

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


def as_response(service: str, refusal: Refusal) -> Response:
    """The refusal in the wire format of `service`, so that every SDK raises the error AWS's would."""
    if service == "s3":
        return error_response_xml(refusal.code, refusal.message, refusal.status)
    if service == "ec2":
        return _ec2(refusal)
    if service in _QUERY_SERVICES:
        return _query(refusal)
    return error_response_json(refusal.code, refusal.message, refusal.status)


def as_stack_event(service: str, refusal: Refusal) -> str:
    """The refusal as the reason of a CREATE_FAILED, UPDATE_FAILED or DELETE_FAILED event.

    The error code stands beside the status because operators and runbooks search for it.
    """
    origin = f"Service: {_SERVICE_NAMES.get(service, service)}, Status Code: {refusal.status}"
    return (
        f'Resource handler returned message: "{refusal.message} ({origin}, Error Code: {refusal.code}, '
        f'Request ID: {new_uuid()})" (RequestToken: {new_uuid()}, HandlerErrorCode: {refusal.handler_code})'
    )


_QUERY_SERVICES = frozenset({"cloudformation", "iam", "rds", "sns", "sqs"})
_SERVICE_NAMES = {
    "cloudtrail": "CloudTrail",
    "config": "Config",
    "ec2": "Ec2",
    "iam": "Iam",
    "kms": "Kms",
    "logs": "CloudWatchLogs",
    "rds": "Rds",
    "s3": "S3",
    "sns": "Sns",
    "sqs": "Sqs",
}


def _ec2(refusal: Refusal) -> Response:
    body = (
        f"<Response><Errors><Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error></Errors>"
        f"<RequestID>{new_uuid()}</RequestID></Response>"
    )
    return refusal.status, {"Content-Type": "text/xml"}, body.encode()


def _query(refusal: Refusal) -> Response:
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
        f"</Error><RequestId>{new_uuid()}</RequestId></ErrorResponse>"
    )
    return refusal.status, {"Content-Type": "text/xml"}, body.encode()
