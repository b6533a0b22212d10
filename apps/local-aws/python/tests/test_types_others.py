"""Types of other services that ministack lacks: updates and what a delete leaves behind."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws, Stacks
from templates import audit, database
from templates.parts import TAGS, allow, get, policy, ref, resource, trusted_by


def _with(resources: dict[str, Any], logical_id: str, **properties: Any) -> dict[str, Any]:
    """Return resources with some properties of one changed; None takes a property away."""
    changed = copy.deepcopy(resources)
    changed[logical_id]["Properties"] |= properties
    wanted = {name: value for name, value in changed[logical_id]["Properties"].items() if value is not None}
    changed[logical_id]["Properties"] = wanted
    return changed


def _gone(call: Any, **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError:
        return True
    return False


def test_group_keeps_up_with_its_policies_and_goes(local: LocalAws, stacks: Stacks) -> None:
    group = {
        "Policy": resource("IAM::ManagedPolicy", PolicyDocument=policy(allow("s3:ListAllMyBuckets"))),
        "Group": resource(
            "IAM::Group",
            ManagedPolicyArns=[ref("Policy")],
            Policies=[{"PolicyName": "old", "PolicyDocument": policy(allow("iam:GetUser"))}],
        ),
        "User": resource("IAM::User"),
        "Member": resource("IAM::UserToGroupAddition", GroupName=ref("Group"), Users=[ref("User")]),
    }
    stacks.deploy("group", group)
    name, iam = stacks.physical_id("group", "Group"), local.client("iam")
    assert [user["UserName"] for user in iam.get_group(GroupName=name)["Users"]] == [
        stacks.physical_id("group", "User")
    ]
    renewed = [{"PolicyName": "new", "PolicyDocument": policy(allow("iam:GetUser"))}]
    stacks.deploy("group", _with(group, "Group", ManagedPolicyArns=None, Policies=renewed))
    assert iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"] == []
    assert iam.list_group_policies(GroupName=name)["PolicyNames"] == ["new"]
    assert stacks.delete("group") == "DELETE_COMPLETE"
    assert _gone(iam.get_group, GroupName=name)


@pytest.mark.parametrize(("kind", "get_policy"), [("Group", "get_group_policy"), ("Role", "get_role_policy")])
def test_inline_policy_of_its_own(local: LocalAws, stacks: Stacks, kind: str, get_policy: str) -> None:
    trust = {"AssumeRolePolicyDocument": trusted_by("ec2")} if kind == "Role" else {}
    owner = {"Owner": resource(f"IAM::{kind}", **trust)}
    stack = f"inline-{kind.lower()}"

    def inline(action: str) -> dict[str, Any]:
        document = policy(allow(action))
        return resource(
            f"IAM::{kind}Policy", **{f"{kind}Name": ref("Owner")}, PolicyName="own", PolicyDocument=document
        )

    stacks.deploy(stack, {**owner, "Policy": inline("s3:GetObject")})
    stacks.deploy(stack, {**owner, "Policy": inline("s3:PutObject")})
    asked = {f"{kind}Name": stacks.physical_id(stack, "Owner"), "PolicyName": "own"}
    read = getattr(local.client("iam"), get_policy)
    assert read(**asked)["PolicyDocument"]["Statement"][0]["Action"] == "s3:PutObject"
    stacks.deploy(stack, owner)
    assert _gone(read, **asked)


def test_b09_trail_changes_in_place(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Key", "Archive", "ArchivePolicy", "TrailLogs", "TrailRole", "Trail")
    resources = {name: audit.RESOURCES[name] for name in kept}
    stacks.deploy("trail", resources)
    cloudtrail = local.client("cloudtrail")
    assert cloudtrail.get_trail_status(Name="audit-trail")["IsLogging"] is True
    stacks.deploy("trail", _with(resources, "Trail", IsLogging=False, EnableLogFileValidation=False, Tags=TAGS[:1]))
    assert cloudtrail.get_trail_status(Name="audit-trail")["IsLogging"] is False
    found = cloudtrail.get_trail(Name="audit-trail")["Trail"]
    assert found["LogFileValidationEnabled"] is False
    tags = cloudtrail.list_tags(ResourceIdList=[found["TrailARN"]])["ResourceTagList"][0]["TagsList"]
    assert {tag["Key"] for tag in tags} == {"Name"}
    stacks.empty_buckets("trail")
    assert stacks.delete("trail") == "DELETE_COMPLETE"
    assert _gone(cloudtrail.get_trail, Name="audit-trail")


def test_c03_recorder_records_once_there_is_a_channel_and_both_go(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Key", "Archive", "ArchivePolicy", "RecorderRole", "Recorder", "Changes", "Channel", "Rotated")
    stacks.deploy("config", {name: audit.RESOURCES[name] for name in kept})
    config = local.client("config")
    statuses = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert [status["recording"] for status in statuses] == [True]
    rule = stacks.physical_id("config", "Rotated")
    stacks.empty_buckets("config")
    assert stacks.delete("config") == "DELETE_COMPLETE"
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert config.describe_delivery_channels()["DeliveryChannels"] == []
    assert rule not in [found["ConfigRuleName"] for found in config.describe_config_rules()["ConfigRules"]]


def test_composite_alarm_changes_in_place_and_goes(local: LocalAws, stacks: Stacks) -> None:
    def alarm(rule: str) -> dict[str, Any]:
        return {"Alarm": resource("CloudWatch::CompositeAlarm", AlarmRule=rule, Tags=TAGS)}

    stacks.deploy("composite", alarm("TRUE"))
    name, cloudwatch = stacks.physical_id("composite", "Alarm"), local.client("cloudwatch")
    stacks.deploy("composite", alarm("FALSE"))

    def found() -> list[dict[str, Any]]:
        return cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]

    assert [each["AlarmRule"] for each in found()] == ["FALSE"]
    assert stacks.delete("composite") == "DELETE_COMPLETE"
    assert found() == []


def test_rotation_and_policy_of_a_secret_go_before_it(local: LocalAws, stacks: Stacks) -> None:
    kept = ("Key", "Secret", "RotationRole", "Rotator", "Rotation", "SecretPolicy")
    resources = {name: database.RESOURCES[name] for name in kept}
    stacks.deploy("rotation", resources)
    arn, secrets = stacks.physical_id("rotation", "Secret"), local.client("secretsmanager")
    assert secrets.describe_secret(SecretId=arn)["RotationEnabled"] is True
    left = {name: made for name, made in resources.items() if name not in ("Rotation", "SecretPolicy")}
    stacks.deploy("rotation", left)
    assert secrets.describe_secret(SecretId=arn)["RotationEnabled"] is False
    assert "ResourcePolicy" not in secrets.get_resource_policy(SecretId=arn)


@pytest.mark.parametrize("kind", ["topic", "queue"])
def test_inline_policy_of_a_topic_or_queue_goes(local: LocalAws, stacks: Stacks, kind: str) -> None:
    service = {"Service": "events.amazonaws.com"}
    if kind == "topic":
        owner = {"Owner": resource("SNS::Topic")}
        document = policy(allow("sns:Publish", ref("Owner"), Principal=service, Sid="Own"))
        inline = resource("SNS::TopicInlinePolicy", TopicArn=ref("Owner"), PolicyDocument=document)
    else:
        owner = {"Owner": resource("SQS::Queue")}
        document = policy(allow("sqs:SendMessage", get("Owner", "Arn"), Principal=service, Sid="Own"))
        inline = resource("SQS::QueueInlinePolicy", Queue=ref("Owner"), PolicyDocument=document)

    def current() -> str:
        owner_id = stacks.physical_id(f"inline-{kind}", "Owner")
        if kind == "topic":
            return json.dumps(local.client("sns").get_topic_attributes(TopicArn=owner_id)["Attributes"].get("Policy"))
        answer = local.client("sqs").get_queue_attributes(QueueUrl=owner_id, AttributeNames=["Policy"])
        return json.dumps(answer.get("Attributes"))

    stacks.deploy(f"inline-{kind}", {**owner, "Policy": inline})
    assert "Own" in current()
    stacks.deploy(f"inline-{kind}", owner)
    assert '\\"Own\\"' not in current()


def test_types_without_an_api_deploy_and_are_called_stubs(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy(
        "stubs", {"Options": resource("EC2::VPCBlockPublicAccessOptions", InternetGatewayBlockMode="block-ingress")}
    )
    _, ledger = local.call("GET", "ledger?stack=stubs")
    [options] = ledger["resources"]
    assert {entry["status"] for entry in options["properties"].values()} == {"stub"}
