"""Volumes of Auto Scaling groups under a customer key: the group launches as its service-linked role.

AWS makes the group, and each of its instances ends at once (`Client.InternalError`); a stack
that waits for the instances fails after its time-out. Here the group itself is refused with that reason.
"""

from typing import Any

from ministack.core.responses import get_account_id

from ..refusals.gate import Planned, Props, on_create, on_update
from ..refusals.refusal import Refusal, Rule
from . import keys
from .principal import enforced
from .roles import permits

RULES = (
    Rule(
        "group-volume-key",
        "a group launches encrypted volumes only if their key lets its service-linked role use it and create grants",
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", "_resolve_launch_template_data"),
]

_ACTIONS = ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant")


@on_create("autoscaling", "AWS::AutoScaling::AutoScalingGroup")
def _created(planned: Planned) -> None:
    _check(planned.props)


@on_update("autoscaling", "AWS::AutoScaling::AutoScalingGroup")
def _updated(_: str, old: Props, new: Props) -> None:
    _check(new)


def _check(properties: Props) -> None:
    if not enforced() or not properties.get("LaunchTemplate"):
        return
    role = properties.get("ServiceLinkedRoleARN") or (
        f"arn:aws:iam::{get_account_id()}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )
    for key in _keys_of(properties["LaunchTemplate"]):
        record = keys.find(key)
        if record is None:
            raise Refusal("Client.InvalidKMSKey.InvalidState", f"The KMS key provided is in an incorrect state: {key}")
        for action in _ACTIONS:
            context = keys.via("ec2") | {"kms:grantisforawsresource": "true"}
            if not permits(role, action, record["Arn"], context):
                message = f"Client error on launch: {role} is not authorized to perform: {action} on {record['Arn']}"
                raise Refusal("Client.InternalError", message, handler_code="NotStabilized")


def _keys_of(template: dict[str, Any]) -> list[str]:
    from ministack.services import ec2

    data, _, error = ec2._resolve_launch_template_data(template)
    mappings = [] if error else data.get("BlockDeviceMappings", [])
    found = [mapping.get("Ebs", {}).get("KmsKeyId") for mapping in mappings]
    return [key for key in found if key and "alias/aws/" not in key]
