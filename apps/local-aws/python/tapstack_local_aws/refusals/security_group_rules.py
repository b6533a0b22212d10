"""Security groups: the same rule is not added twice, and what is not there is not taken away."""

import json
from typing import Any

from .gate import Planned, Props, on_call, on_create, on_update
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "security-group-duplicate",
        "a rule that the group already has is refused (InvalidPermission.Duplicate), and so is one given twice",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
    ),
    Rule(
        "security-group-absent",
        "a rule that the group does not have is not taken away (InvalidPermission.NotFound), but in a default VPC",
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", name)
    for name in ("_parse_ip_permissions", "_rules_match", "_security_groups", "_strip_descriptions", "_vpcs")
] + [("ministack.services.cloudformation.provisioners", "_ec2_sg_permissions")]


@on_call("ec2", "AuthorizeSecurityGroupIngress")
def _ingress_called(request: Request) -> None:
    _check_call(request, "IpPermissions")


@on_call("ec2", "AuthorizeSecurityGroupEgress")
def _egress_called(request: Request) -> None:
    _check_call(request, "IpPermissionsEgress")


@on_call("ec2", "RevokeSecurityGroupIngress")
def _ingress_revoked(request: Request) -> None:
    _check_revocation(request, "IpPermissions")


@on_call("ec2", "RevokeSecurityGroupEgress")
def _egress_revoked(request: Request) -> None:
    _check_revocation(request, "IpPermissionsEgress")


@on_create("ec2", "AWS::EC2::SecurityGroup")
def _created(planned: Planned) -> None:
    _check_template(planned.props)


@on_update("ec2", "AWS::EC2::SecurityGroup")
def _updated(_: str, old: Props, new: Props) -> None:
    _check_template(new)


def _check_call(request: Request, direction: str) -> None:
    from ministack.services import ec2

    group = ec2._security_groups.get(request.params.get("GroupId", ""))
    if group is None:
        return
    rules = ec2._parse_ip_permissions(request.params, "IpPermissions")
    _refuse_repetition(rules)
    for rule in rules:
        if any(ec2._rules_match(rule, existing) for existing in group[direction]):
            raise Refusal(
                "InvalidPermission.Duplicate",
                f'the specified rule "{_spelled(rule)}" already exists',
                handler_code="AlreadyExists",
            )


def _check_revocation(request: Request, direction: str) -> None:
    from ministack.services import ec2

    group = ec2._security_groups.get(request.params.get("GroupId", ""))
    if group is None or ec2._vpcs.get(group["VpcId"], {}).get("IsDefault"):
        return
    for rule in ec2._parse_ip_permissions(request.params, "IpPermissions"):
        if not any(ec2._rules_match(rule, existing) for existing in group[direction]):
            raise Refusal("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")


def _check_template(props: Props) -> None:
    from ministack.services.cloudformation import provisioners

    for direction in ("SecurityGroupIngress", "SecurityGroupEgress"):
        _refuse_repetition(provisioners._ec2_sg_permissions(props.get(direction)))


def _refuse_repetition(rules: list[dict[str, Any]]) -> None:
    from ministack.services import ec2

    spelled = [json.dumps(ec2._strip_descriptions(rule), sort_keys=True) for rule in rules]
    if len(set(spelled)) < len(spelled):
        raise Refusal("InvalidParameterValue", "The same permission must not appear multiple times")


def _spelled(rule: dict[str, Any]) -> str:
    peers = [
        *(entry.get("CidrIp") for entry in rule.get("IpRanges", ())),
        *(entry.get("CidrIpv6") for entry in rule.get("Ipv6Ranges", ())),
        *(entry.get("GroupId") for entry in rule.get("UserIdGroupPairs", ())),
        *(entry.get("PrefixListId") for entry in rule.get("PrefixListIds", ())),
    ]
    protocol = "ALL" if rule.get("IpProtocol") == "-1" else str(rule.get("IpProtocol", "")).upper()
    ports = (
        f", from port: {rule['FromPort']}, to port: {rule['ToPort']}" if "FromPort" in rule and "ToPort" in rule else ""
    )
    return f"peer: {', '.join(filter(None, peers))}, {protocol}{ports}, ALLOW"
