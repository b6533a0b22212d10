"""Parts that several templates need."""

from __future__ import annotations

from typing import Any

TAGS = [{"Key": "Name", "Value": "tested"}, {"Key": "Environment", "Value": "dev"}]
ACCOUNT = {"Ref": "AWS::AccountId"}


def ref(logical_id: str) -> dict[str, str]:
    """Return a reference."""
    return {"Ref": logical_id}


def get(logical_id: str, attribute: str) -> dict[str, list[str]]:
    """Return an attribute."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """Return a resource of a template; `_after` names what it depends on."""
    after = properties.pop("_after", None)
    made: dict[str, Any] = {"Type": f"AWS::{kind}", "Properties": properties}
    return made | ({"DependsOn": after} if after else {})


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], on: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": on, **more}


def trusted_by(service: str) -> dict[str, Any]:
    """Return a trust policy for one service."""
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def key_for(*services: str) -> dict[str, Any]:
    """Return a key that its account administers and the named services use."""
    root = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
    used = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    users: list[Any] = [
        # Log groups are encrypted by the service of one region.
        {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"} if service == "logs" else f"{service}.amazonaws.com"
        for service in services
    ]
    return resource(
        "KMS::Key",
        EnableKeyRotation=True,
        RotationPeriodInDays=180,
        KeyPolicy=policy(
            allow("kms:*", Principal=root), *([allow(used, Principal={"Service": users})] if users else [])
        ),
        Tags=TAGS,
    )


def subnet(vpc: str, number: int, zone: int, **more: Any) -> dict[str, Any]:
    """Return a /24 of a VPC 10.0.0.0/16."""
    return resource(
        "EC2::Subnet",
        VpcId=ref(vpc),
        CidrBlock=f"10.0.{number}.0/24",
        AvailabilityZone={"Fn::Select": [zone, {"Fn::GetAZs": ""}]},
        Tags=TAGS,
        **more,
    )


def vpc() -> dict[str, Any]:
    """Return a VPC 10.0.0.0/16."""
    return resource("EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames=True, EnableDnsSupport=True, Tags=TAGS)
