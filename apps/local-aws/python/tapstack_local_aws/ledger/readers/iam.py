"""Roles, policies, instance profiles and groups."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader


@reader(
    "AWS::IAM::Role",
    "AssumeRolePolicyDocument",
    "Description",
    "ManagedPolicyArns",
    "MaxSessionDuration",
    "Path",
    "PermissionsBoundary",
    "Policies",
    "RoleName",
    "Tags",
    # Policies that are resources of their own attach themselves.
    open_lists=("ManagedPolicyArns", "Policies"),
)
def role(physical_id: str, properties: Properties) -> Properties:
    """Read a role with everything attached to it."""
    iam = client("iam")
    found = iam.get_role(RoleName=physical_id)["Role"]
    attached = iam.list_attached_role_policies(RoleName=physical_id)["AttachedPolicies"]
    return {
        **found,
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "PermissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "Policies": [
            iam.get_role_policy(RoleName=physical_id, PolicyName=name)
            for name in iam.list_role_policies(RoleName=physical_id)["PolicyNames"]
        ],
    }


@reader(
    "AWS::IAM::ManagedPolicy", "Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"
)
def managed_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the default version of a policy and whom it is attached to."""
    iam = client("iam")
    found = iam.get_policy(PolicyArn=physical_id)["Policy"]
    version = iam.get_policy_version(PolicyArn=physical_id, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    entities = iam.list_entities_for_policy(PolicyArn=physical_id)
    return {
        **found,
        "ManagedPolicyName": found["PolicyName"],
        "PolicyDocument": version["Document"],
        "Roles": [each["RoleName"] for each in entities["PolicyRoles"]],
        "Groups": [each["GroupName"] for each in entities["PolicyGroups"]],
        "Users": [each["UserName"] for each in entities["PolicyUsers"]],
    }


@reader("AWS::IAM::Policy", "Groups", "PolicyDocument", "PolicyName", "Roles", "Users")
def policy(physical_id: str, properties: Properties) -> Properties:
    """Read an inline policy from each owner; the document counts only if every owner has it."""
    name = properties["PolicyName"]
    owners: Properties = {}
    documents: list[Any] = []
    for kind in ("Role", "Group", "User"):
        get = getattr(client("iam"), f"get_{kind.lower()}_policy")
        owners[f"{kind}s"] = properties.get(f"{kind}s", [])
        documents += [get(**{f"{kind}Name": owner}, PolicyName=name)["PolicyDocument"] for owner in owners[f"{kind}s"]]
    same = all(document == documents[0] for document in documents)
    return {**owners, "PolicyName": name, "PolicyDocument": documents[0] if documents and same else None}


@reader("AWS::IAM::InstanceProfile", "InstanceProfileName", "Path", "Roles")
def instance_profile(physical_id: str, properties: Properties) -> Properties:
    """Read an instance profile."""
    name = physical_id.rpartition("/")[2]
    found = client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    return {**found, "Roles": [each["RoleName"] for each in found["Roles"]]}


@reader("AWS::IAM::Group", "GroupName", "ManagedPolicyArns", "Path", "Policies", open_lists=("ManagedPolicyArns",))
def group(physical_id: str, properties: Properties) -> Properties:
    """Read a group with its policies."""
    iam = client("iam")
    found = iam.get_group(GroupName=physical_id)["Group"]
    attached = iam.list_attached_group_policies(GroupName=physical_id)["AttachedPolicies"]
    return {
        **found,
        "ManagedPolicyArns": [each["PolicyArn"] for each in attached],
        "Policies": [
            iam.get_group_policy(GroupName=physical_id, PolicyName=name)
            for name in iam.list_group_policies(GroupName=physical_id)["PolicyNames"]
        ],
    }


def _inline(kind: str) -> Any:
    owner = f"{kind}Name"

    @reader(f"AWS::IAM::{kind}Policy", owner, "PolicyDocument", "PolicyName")
    def inline(physical_id: str, properties: Properties) -> Properties:
        get = getattr(client("iam"), f"get_{kind.lower()}_policy")
        return get(**{owner: properties[owner]}, PolicyName=properties["PolicyName"])

    return inline


group_policy, role_policy, user_policy = _inline("Group"), _inline("Role"), _inline("User")


@reader("AWS::IAM::User", "Groups", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Tags", "UserName")
def user(physical_id: str, properties: Properties) -> Properties:
    """Read a user with groups, policies and boundary."""
    iam = client("iam")
    found = iam.get_user(UserName=physical_id)["User"]
    attached = iam.list_attached_user_policies(UserName=physical_id)["AttachedPolicies"]
    return {
        **found,
        "Groups": [each["GroupName"] for each in iam.list_groups_for_user(UserName=physical_id)["Groups"]],
        "ManagedPolicyArns": [each["PolicyArn"] for each in attached],
        "PermissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    }


@reader("AWS::IAM::ServiceLinkedRole", "AWSServiceName", "CustomSuffix", "Description")
def service_linked_role(physical_id: str, properties: Properties) -> Properties:
    """Read a service-linked role; service and suffix are parts of its path and name."""
    found = client("iam").get_role(RoleName=physical_id)["Role"]
    return {
        "AWSServiceName": found["Path"].split("/")[2],
        "CustomSuffix": found["RoleName"].partition("_")[2],
        "Description": found.get("Description"),
    }
