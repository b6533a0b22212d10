"""Groups, service-linked roles, and inline policies as resources of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..clients import client
from ..provisioning import Created, Properties, Request, ResourceType
from ..shapes import document, pick

# AWS writes some names in its own way.
_SERVICE_ROLES = {"autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling"}


def _create_group(request: Request) -> Created:
    name = request.name("GroupName", 128)
    made = client("iam").create_group(GroupName=name, **pick(request.properties, "Path"))["Group"]
    _apply_policies(name, {}, request.properties)
    return Created(name, {"Arn": made["Arn"]})


def _update_group(physical_id: str, old: Properties, request: Request) -> Created:
    _apply_policies(physical_id, old, request.properties)
    return Created(physical_id, {"Arn": client("iam").get_group(GroupName=physical_id)["Group"]["Arn"]})


def _apply_policies(name: str, old: Properties, new: Properties) -> None:
    iam = client("iam")
    had, wanted = set(old.get("ManagedPolicyArns") or []), set(new.get("ManagedPolicyArns") or [])
    for arn in sorted(had - wanted):
        iam.detach_group_policy(GroupName=name, PolicyArn=arn)
    for arn in sorted(wanted - had):
        iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    inline = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies") or []}
    for policy in old.get("Policies") or []:
        if policy["PolicyName"] not in inline:
            iam.delete_group_policy(GroupName=name, PolicyName=policy["PolicyName"])
    for policy_name, content in inline.items():
        iam.put_group_policy(GroupName=name, PolicyName=policy_name, PolicyDocument=document(content))


def _delete_group(physical_id: str, properties: Properties) -> None:
    iam = client("iam")
    for policy in iam.list_attached_group_policies(GroupName=physical_id)["AttachedPolicies"]:
        iam.detach_group_policy(GroupName=physical_id, PolicyArn=policy["PolicyArn"])
    for policy_name in iam.list_group_policies(GroupName=physical_id)["PolicyNames"]:
        iam.delete_group_policy(GroupName=physical_id, PolicyName=policy_name)
    iam.delete_group(GroupName=physical_id)


def _inline_policy(kind: str) -> ResourceType:
    owner = f"{kind}Name"

    def call(verb: str, properties: Properties, **more: Any) -> None:
        operation: Callable[..., Any] = getattr(client("iam"), f"{verb}_{kind.lower()}_policy")
        operation(**{owner: properties[owner]}, PolicyName=properties["PolicyName"], **more)

    def put(properties: Properties) -> Created:
        call("put", properties, PolicyDocument=document(properties.get("PolicyDocument", {})))
        return Created(f"{properties['PolicyName']}|{properties[owner]}", {})

    return ResourceType(
        f"AWS::IAM::{kind}Policy",
        lambda request: put(request.properties),
        lambda physical_id, properties: call("delete", properties),
        lambda physical_id, old, request: put(request.properties),
        replacing=(owner, "PolicyName"),
        taggable=False,
    )


def _membership(request: Request) -> Created:
    for user in request.properties["Users"]:
        client("iam").add_user_to_group(GroupName=request.properties["GroupName"], UserName=user)
    return Created(request.name("", 64), {})


def _end_membership(physical_id: str, properties: Properties) -> None:
    for user in properties["Users"]:
        client("iam").remove_user_from_group(GroupName=properties["GroupName"], UserName=user)


def _create_service_role(request: Request) -> Created:
    properties = request.properties
    service = properties["AWSServiceName"]
    name = _SERVICE_ROLES.get(service, f"AWSServiceRoleFor{service.partition('.')[0].capitalize()}")
    if suffix := properties.get("CustomSuffix"):
        name = f"{name}_{suffix}"
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    # ministack's CreateServiceLinkedRole knows no suffix; a role with the right path and name is the same thing
    client("iam").create_role(
        RoleName=name,
        Path=f"/aws-service-role/{service}/",
        AssumeRolePolicyDocument=document({"Version": "2012-10-17", "Statement": [statement]}),
        **pick(properties, "Description"),
    )
    return Created(name, {"RoleName": name})


def _update_service_role(physical_id: str, old: Properties, request: Request) -> Created:
    client("iam").update_role(RoleName=physical_id, Description=request.properties.get("Description", ""))
    return Created(physical_id, {"RoleName": physical_id})


def _delete_service_role(physical_id: str, properties: Properties) -> None:
    client("iam").delete_role(RoleName=physical_id)


TYPES = (
    ResourceType(
        "AWS::IAM::Group", _create_group, _delete_group, _update_group, replacing=("GroupName",), taggable=False
    ),
    _inline_policy("Group"),
    _inline_policy("Role"),
    _inline_policy("User"),
    ResourceType("AWS::IAM::UserToGroupAddition", _membership, _end_membership, taggable=False),
    ResourceType(
        "AWS::IAM::ServiceLinkedRole",
        _create_service_role,
        _delete_service_role,
        _update_service_role,
        replacing=("AWSServiceName", "CustomSuffix"),
        taggable=False,
    ),
)
