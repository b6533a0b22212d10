"""Buckets and databases that AWS would refuse are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from drills import refused, rolled_back, unique
from templates import database


def bucket(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": properties}


def bucket_policy(of: str, sid: str) -> dict[str, Any]:
    statement = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": {"Fn::Sub": f"${{{of}.Arn}}/*"},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": of}, "PolicyDocument": document}}


@pytest.mark.parametrize(
    "name",
    [
        "Upper-case",
        "ab",
        "a" * 64,
        "under_score",
        "two..dots",
        "192.168.5.4",
        "-hyphen-first",
        "hyphen-last-",
        "xn--reserved",
        "reserved-s3alias",
    ],
)
def test_bucket_name(stacks: Any, name: str) -> None:
    assert "Error Code: InvalidBucketName" in rolled_back(stacks, {"Bucket": bucket(BucketName=name)})


def test_bucket_name_of_legal_length(stacks: Any) -> None:
    stacks.deploy(unique("bucket"), {"Bucket": bucket(BucketName=unique("a" * 52))})


def test_bucket_name_prefix(stacks: Any) -> None:
    """46 characters minus the region are left for the prefix: 37 in us-east-1."""
    assert "InvalidBucketName" in rolled_back(stacks, {"Bucket": bucket(BucketNamePrefix="a" * 38)})
    stacks.deploy(unique("bucket"), {"Bucket": bucket(BucketNamePrefix="a" * 37)})


@pytest.mark.parametrize("holds", ["an object", "old versions", "a delete marker"])
def test_bucket_not_empty(stacks: Any, client: Callable[..., Any], holds: str) -> None:
    versioning = {} if holds == "an object" else {"VersioningConfiguration": {"Status": "Enabled"}}
    stacks.deploy(name := unique("bucket"), {"Bucket": bucket(**versioning)})
    physical, s3 = stacks.physical_id(name, "Bucket"), client("s3")
    if holds != "a delete marker":
        s3.put_object(Bucket=physical, Key="left")
    if holds != "an object":
        s3.delete_object(Bucket=physical, Key="left")
    assert stacks.delete(name) == "DELETE_FAILED"
    assert s3.head_bucket(Bucket=physical)

    empty(s3, physical)
    stacks.names.append(name)
    assert stacks.delete(name) == "DELETE_COMPLETE"


def empty(s3: Any, name: str) -> None:
    listing = s3.list_object_versions(Bucket=name)
    for entry in [*listing.get("Versions", []), *listing.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=name, Key=entry["Key"], VersionId=entry["VersionId"])


def test_bucket_not_empty_after_a_rollback(stacks: Any, client: Callable[..., Any]) -> None:
    """A failed create leaves a bucket that has been written to, as on AWS: ROLLBACK_FAILED."""
    stacks.deploy(name := unique("bucket"), {"Bucket": bucket()})
    physical = stacks.physical_id(name, "Bucket")
    client("s3").put_object(Bucket=physical, Key="left")
    assert stacks.delete(name) == "DELETE_FAILED"
    events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == "DELETE_FAILED"]
    assert any("You must delete all versions in the bucket." in reason for reason in reasons)
    empty(client("s3"), physical)
    stacks.names.append(name)


def test_bucket_policy_once_in_one_template(stacks: Any) -> None:
    resources = {"Bucket": bucket(), "First": bucket_policy("Bucket", "a"), "Second": bucket_policy("Bucket", "b")}
    reasons = rolled_back(stacks, resources)
    assert "The bucket policy already exists on bucket" in reasons
    assert "HandlerErrorCode: AlreadyExists" in reasons


def test_bucket_policy_once_from_another_stack(stacks: Any) -> None:
    stacks.deploy(owner := unique("bucket"), {"Bucket": bucket(), "Policy": bucket_policy("Bucket", "a")})
    second = bucket_policy("Bucket", "b")
    second["Properties"]["Bucket"] = physical = stacks.physical_id(owner, "Bucket")
    second["Properties"]["PolicyDocument"]["Statement"][0]["Resource"] = f"arn:aws:s3:::{physical}/*"
    assert "already exists" in rolled_back(stacks, {"Policy": second})


def test_bucket_policy_once_lets_the_one_be_updated_and_made_anew(stacks: Any) -> None:
    stacks.deploy(name := unique("bucket"), {"Bucket": bucket(), "Policy": bucket_policy("Bucket", "a")})
    stacks.deploy(name, {"Bucket": bucket(), "Policy": bucket_policy("Bucket", "b")})
    stacks.deploy(name, {"Bucket": bucket()})
    stacks.deploy(name, {"Bucket": bucket(), "Policy": bucket_policy("Bucket", "c")})


def subnets(zones: str) -> dict[str, Any]:
    resources: dict[str, Any] = {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}
    for number, zone in enumerate(zones):
        properties = {
            "VpcId": {"Ref": "Vpc"},
            "CidrBlock": f"10.0.{number}.0/24",
            "AvailabilityZone": f"us-east-1{zone}",
        }
        resources[f"Subnet{number}"] = {"Type": "AWS::EC2::Subnet", "Properties": properties}
    members = [{"Ref": f"Subnet{number}"} for number in range(len(zones))]
    group = {"DBSubnetGroupDescription": "drill", "SubnetIds": members}
    return resources | {"Group": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": group}}


def test_db_subnet_group_zones(stacks: Any) -> None:
    reasons = rolled_back(stacks, subnets("aa"))
    assert "Error Code: DBSubnetGroupDoesNotCoverEnoughAZs" in reasons
    assert "Current AZ coverage: us-east-1a. Add subnets to cover at least 2 AZs." in reasons


def test_db_subnet_group_zones_two(stacks: Any) -> None:
    stacks.deploy(unique("group"), subnets("ab"))


def test_db_subnet_group_zones_by_api(client: Callable[..., Any]) -> None:
    default = client("ec2").describe_subnets(Filters=[{"Name": "availability-zone", "Values": ["us-east-1a"]}])
    refused(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        client("rds").create_db_subnet_group,
        DBSubnetGroupName=unique("group"),
        DBSubnetGroupDescription="drill",
        SubnetIds=[default["Subnets"][0]["SubnetId"]],
    )


@pytest.mark.parametrize("version", ["8.0.39", "8.0.28", "5.6.51", "8.4.0", "9"])
def test_mysql_version(client: Callable[..., Any], version: str) -> None:
    message = refused(
        "InvalidParameterCombination",
        client("rds").create_db_instance,
        DBInstanceIdentifier=unique("database"),
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        EngineVersion=version,
        AllocatedStorage=20,
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
    )
    assert message == f"Cannot find version {version} for mysql"


@pytest.mark.parametrize("version", ["8.0.39", "8.4"])
def test_mysql_version_in_a_template(stacks: Any, version: str) -> None:
    properties = {
        "DBInstanceClass": "db.t3.micro",
        "Engine": "mysql",
        "EngineVersion": version,
        "AllocatedStorage": "20",
        "MasterUsername": "admin",
        "MasterUserPassword": "not-a-secret",
    }
    resources = {"Database": {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": properties}}
    if version == "8.4":
        stacks.deploy(unique("database"), resources)
    else:
        assert "Cannot find version 8.0.39 for mysql" in rolled_back(stacks, resources)


def test_db_deletion_protection(stacks: Any, client: Callable[..., Any]) -> None:
    """It stays with its secret and whatever it needs; the rest of the stack goes, and no snapshot comes."""
    rds = client("rds")
    protected = {**database.RESOURCES, "Elsewhere": {"Type": "AWS::SNS::Topic"}}
    protected["Database"] = copy.deepcopy(protected["Database"]) | {"DeletionPolicy": "Snapshot"}
    protected["Database"]["Properties"]["DeletionProtection"] = True
    stacks.deploy(name := unique("protected"), protected)
    identifier = stacks.physical_id(name, "Database")

    def snapshots() -> list[Any]:
        return list(rds.describe_db_snapshots(DBInstanceIdentifier=identifier)["DBSnapshots"])

    assert stacks.delete(name) == "DELETE_FAILED"
    [reason] = stacks.reasons(name)[1:]
    assert reason.startswith("Database: ") and "Cannot delete protected DB Instance" in reason
    left = client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    needed = ["Database", "First", "Group", "Key", "MonitoringRole", "Parameters", "Second", "Subnets", "Vpc"]
    assert sorted(each["LogicalResourceId"] for each in left) == needed
    assert [each["ResourceStatus"] for each in left if each["LogicalResourceId"] == "Subnets"] == ["CREATE_COMPLETE"]
    secret = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]["MasterUserSecret"]
    assert client("secretsmanager").describe_secret(SecretId=secret["SecretArn"])
    assert snapshots() == []

    rds.modify_db_instance(DBInstanceIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)
    stacks.names.append(name)
    assert stacks.delete(name) == "DELETE_COMPLETE"
    assert len(snapshots()) == 1
