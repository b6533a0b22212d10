"""EBS volumes under a customer key: whoever launches must be able to use the key, and to let EC2 use it (a grant).

AWS accepts the launch, terminates the instance at once with the reason `Client.InvalidKMSKey.InvalidState` or
`Client.InternalError`, and CloudFormation reports that the instance did not stabilize. Here the launch itself is
refused with that reason: the same end, sooner.
"""

import re

from ..refusals.gate import on_call
from ..refusals.refusal import Refusal, Rule
from ..refusals.requests import Request
from . import keys
from .encrypted_data import refused_caller
from .principal import enforced

RULES = (
    Rule(
        "volume-key",
        "an instance with an encrypted volume starts only if its key lets the caller create a grant for EC2",
        "https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html",
    ),
)

_LAUNCH_KEY = re.compile(r"BlockDeviceMapping\.\d+\.Ebs\.KmsKeyId")
_ACTIONS = ("kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey", "kms:Decrypt")


@on_call("ec2", "RunInstances")
def _launched(request: Request) -> None:
    for name, key in request.params.items():
        if _LAUNCH_KEY.fullmatch(name):
            _check(request, str(key))


@on_call("ec2", "CreateVolume")
def _made(request: Request) -> None:
    if key := request.params.get("KmsKeyId"):
        _check(request, str(key))


def _check(request: Request, key: str) -> None:
    if not enforced() or "alias/aws/" in key:
        return
    record = keys.find(key)
    if record is None or record.get("KeyState") != "Enabled":
        message = f"The KMS key provided is in an incorrect state: {key}"
        raise Refusal("Client.InvalidKMSKey.InvalidState", message, handler_code="NotStabilized")
    context = keys.via("ec2")
    granting = {**context, "kms:grantisforawsresource": "true"}
    asked = [("kms:CreateGrant", granting), *((action, context) for action in _ACTIONS)]
    for action, keyed in asked:
        if who := refused_caller(request.access_key, action, record, keyed):
            message = (
                f"Client error on launch: {who} is not authorized to perform: {action} on resource: {record['Arn']}"
            )
            raise Refusal("Client.InternalError", message, handler_code="NotStabilized")
