"""Properties that ministack's own types drop: changed and taken away again, not only created."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks
from templates import database, messaging, workload
from templates.parts import TAGS, allow, get, key_for, policy, ref, resource, subnet, trusted_by, vpc


def _bucket(**properties: Any) -> dict[str, Any]:
    return {"Key": key_for(), "Bucket": resource("S3::Bucket", **properties)}


def _encrypted_by(algorithm: str, **more: Any) -> dict[str, Any]:
    default = {"SSEAlgorithm": algorithm, **more}
    return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}


def _tags(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in pairs}


def test_p07_bucket_encryption_changes(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("encryption", _bucket(BucketEncryption=_encrypted_by("AES256")))
    stacks.deploy("encryption", _bucket(BucketEncryption=_encrypted_by("aws:kms", KMSMasterKeyID=get("Key", "Arn"))))
    bucket, s3 = stacks.physical_id("encryption", "Bucket"), local.client("s3")
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    stored = s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert stored["SSEKMSKeyId"].endswith(stacks.physical_id("encryption", "Key"))
    s3.delete_object(Bucket=bucket, Key="a")


def test_bucket_configurations_go_with_their_properties(local: LocalAws, stacks: Stacks) -> None:
    lifecycle = {"Rules": [{"Status": "Enabled", "ExpirationInDays": 1}]}
    stacks.deploy("configured", _bucket(LifecycleConfiguration=lifecycle, Tags=TAGS, LoggingConfiguration={}))
    bucket, s3 = stacks.physical_id("configured", "Bucket"), local.client("s3")
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetBucket"] == bucket
    stacks.deploy("configured", _bucket())
    for read in (s3.get_bucket_lifecycle_configuration, s3.get_bucket_tagging):
        with pytest.raises(ClientError, match="NoSuch"):
            read(Bucket=bucket)
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    stacks.empty_buckets("configured")


def test_x04_locked_bucket_is_versioned_though_the_template_does_not_say_so(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("locked", _bucket(ObjectLockEnabled=True))
    bucket, s3 = stacks.physical_id("locked", "Bucket"), local.client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"


def test_bucket_that_cannot_be_completed_is_not_left_behind(local: LocalAws, stacks: Stacks) -> None:
    lifecycle = {"Rules": [{"Status": "Nonsense", "ExpirationInDays": 1}]}
    with pytest.raises(pytest.fail.Exception, match="ROLLBACK_COMPLETE"):
        stacks.deploy("half", {"Bucket": resource("S3::Bucket", BucketName="half", LifecycleConfiguration=lifecycle)})
    assert "half" not in [bucket["Name"] for bucket in local.client("s3").list_buckets()["Buckets"]]


def test_p02_topic_key_is_set_changed_and_removed(local: LocalAws, stacks: Stacks) -> None:
    def topic(**properties: Any) -> dict[str, Any]:
        return {"Key": key_for(), "Topic": resource("SNS::Topic", **properties)}

    def key_of_topic() -> str:
        arn = stacks.physical_id("topic", "Topic")
        return local.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"].get("KmsMasterKeyId", "")

    stacks.deploy("topic", topic(KmsMasterKeyId=ref("Key")))
    assert key_of_topic() == stacks.physical_id("topic", "Key")
    stacks.deploy("topic", topic(KmsMasterKeyId="alias/aws/sns"))
    assert key_of_topic() == "alias/aws/sns"
    stacks.deploy("topic", topic())
    assert key_of_topic() == ""


def _function(**properties: Any) -> dict[str, Any]:
    needed = ("Key", "Vpc", "Subnet", "Group", "DeadLetters", "FunctionLogs", "FunctionRole", "Function")
    resources = copy.deepcopy({name: workload.RESOURCES[name] for name in needed})
    resources["Function"]["Properties"] |= properties
    wanted = {name: value for name, value in resources["Function"]["Properties"].items() if value is not None}
    resources["Function"]["Properties"] = wanted
    return resources


def test_x07_function_loses_what_the_template_drops(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("function", _function(ReservedConcurrentExecutions=2))
    name, functions = stacks.physical_id("function", "Function"), local.client("lambda")
    assert functions.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 2
    stacks.deploy("function", _function(VpcConfig=None, DeadLetterConfig=None, KmsKeyArn=None))
    configuration = functions.get_function_configuration(FunctionName=name)
    assert configuration.get("VpcConfig", {}).get("SubnetIds", []) == []
    assert configuration.get("DeadLetterConfig", {}).get("TargetArn", "") == ""
    assert not configuration.get("KMSKeyArn")
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName=name)


def test_x07_function_is_active_once_it_is_deployed(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("ready", _function())
    name, functions = stacks.physical_id("ready", "Function"), local.client("lambda")
    assert functions.get_function_configuration(FunctionName=name)["State"] == "Active"
    answer = functions.invoke(FunctionName=name)
    assert json.load(answer["Payload"])["GREETING"] == "hello"


def test_x08_role_boundary_limits_the_role(local: LocalAws, stacks: Stacks) -> None:
    def role(**properties: Any) -> dict[str, Any]:
        return {
            "Boundary": resource("IAM::ManagedPolicy", PolicyDocument=policy(allow("sqs:*"))),
            "Role": resource(
                "IAM::Role",
                AssumeRolePolicyDocument=trusted_by("ec2"),
                Policies=[{"PolicyName": "wide", "PolicyDocument": policy(allow(["s3:ListAllMyBuckets", "sqs:*"]))}],
                **properties,
            ),
        }

    def list_buckets() -> Any:
        name = stacks.physical_id("bounded", "Role")
        arn = local.client("iam").get_role(RoleName=name)["Role"]["Arn"]
        keys = local.call("POST", "sessions", {"RoleArn": arn, "Service": "ec2.amazonaws.com"})[1]
        return local.client("s3", credentials=keys).list_buckets()

    stacks.deploy("bounded", role(PermissionsBoundary=ref("Boundary")))
    with pytest.raises(ClientError, match="AccessDenied"):
        list_buckets()
    stacks.deploy("bounded", role())
    list_buckets()


def _database(**properties: Any) -> dict[str, Any]:
    resources = {
        "Key": key_for(),
        "Vpc": vpc(),
        "First": subnet("Vpc", 1, 0),
        "Second": subnet("Vpc", 2, 1),
        **{name: database.RESOURCES[name] for name in ("Group", "Subnets", "Parameters", "MonitoringRole", "Database")},
    }
    resources = copy.deepcopy(resources)
    resources["Database"]["Properties"] |= properties
    return resources


def test_b04_managed_password_is_a_secret_that_comes_and_goes_with_the_database(
    local: LocalAws, stacks: Stacks
) -> None:
    arn = get("Database", "MasterUserSecret.SecretArn")
    outputs = stacks.deploy("managed", _database(), Outputs={"Secret": {"Value": arn}})
    secrets = local.client("secretsmanager")
    content = json.loads(secrets.get_secret_value(SecretId=outputs["Secret"])["SecretString"])
    assert content["username"] == "dbadmin"
    assert len(content["password"]) >= 20
    described = secrets.describe_secret(SecretId=outputs["Secret"])
    assert described["RotationEnabled"] is True
    assert described["KmsKeyId"].endswith(stacks.physical_id("managed", "Key"))
    assert stacks.delete("managed") == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="ResourceNotFound"):
        secrets.describe_secret(SecretId=outputs["Secret"])


def test_d06_database_log_exports_and_tags_change(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("exports", _database())
    stacks.deploy("exports", _database(EnableCloudwatchLogsExports=["error"], Tags=TAGS[:1]))
    rds = local.client("rds")
    found = rds.describe_db_instances(DBInstanceIdentifier=stacks.physical_id("exports", "Database"))["DBInstances"][0]
    assert found["EnabledCloudwatchLogsExports"] == ["error"]
    tags = _tags(rds.list_tags_for_resource(ResourceName=found["DBInstanceArn"])["TagList"])
    assert {name for name in tags if not name.startswith("aws:")} == {"Name"}


def test_tls_only_policy_of_a_stack_refuses_plain_http(local: LocalAws, stacks: Stacks) -> None:
    kept = ("AccessLogs", "AccessLogsPolicy")
    stacks.deploy("plain-http", {name: messaging.RESOURCES[name] for name in kept})
    bucket = stacks.physical_id("plain-http", "AccessLogs")
    with pytest.raises(ClientError, match="AccessDenied|Forbidden"):
        local.client("s3", secure=False).put_object(Bucket=bucket, Key="a", Body=b"1")


def test_x02_a_bucket_of_the_accounts_own_namespace_has_the_name_that_aws_gives_it(stacks: Stacks) -> None:
    bucket = resource("S3::Bucket", BucketNamePrefix="orders", BucketNamespace="account-regional")
    stacks.deploy("named", {"Bucket": bucket})
    assert stacks.physical_id("named", "Bucket") == "orders-000000000000-us-east-1-an"
    stacks.deploy("named", {"Bucket": bucket | {"Properties": {**bucket["Properties"], "Tags": TAGS}}})
    assert stacks.physical_id("named", "Bucket") == "orders-000000000000-us-east-1-an"
