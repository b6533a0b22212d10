"""API calls on the event bus, in the shape AWS gives them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import LocalAws, Stacks
from templates.parts import allow, policy, resource, trusted_by

from tapstack_local_aws.bridge import names, parameters

WITHIN_SECONDS = 5.0
NOTHING_AFTER_SECONDS = 1.0


@pytest.fixture(scope="module")
def watched(local: LocalAws) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that waits for events on the default bus which a queue has been given."""
    sqs, events = local.client("sqs"), local.client("events")
    url = sqs.create_queue(QueueName="watched-calls")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    admitted = allow("sqs:SendMessage", arn, Principal={"Service": "events.amazonaws.com"})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy(admitted))})
    events.put_rule(Name="watched-calls", EventPattern=json.dumps({"detail-type": ["AWS API Call via CloudTrail"]}))
    events.put_targets(Rule="watched-calls", Targets=[{"Id": "queue", "Arn": arn}])
    seen: list[dict[str, Any]] = []

    def wait_for(name: str, seconds: float = WITHIN_SECONDS) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while True:
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                seen.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found = [event for event in seen if event["detail"]["eventName"] == name]
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.05)

    return wait_for


def _group(local: LocalAws, name: str) -> str:
    ec2 = local.client("ec2")
    vpc_id = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]


def test_b10_opening_a_group_reaches_the_bus_as_aws_shapes_it(
    local: LocalAws, watched: Callable[..., list[dict[str, Any]]]
) -> None:
    group = _group(local, "opened")
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    local.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    event = watched("AuthorizeSecurityGroupIngress")[0]
    assert (event["source"], event["detail-type"]) == ("aws.ec2", "AWS API Call via CloudTrail")
    detail = event["detail"]
    assert (detail["eventSource"], detail["readOnly"]) == ("ec2.amazonaws.com", False)
    assert detail["userIdentity"]["type"] == "Root"
    assert detail["requestParameters"] == {
        "groupId": group,
        "ipPermissions": {
            "items": [
                {
                    "ipProtocol": "tcp",
                    "fromPort": 22,
                    "toPort": 22,
                    "groups": {},
                    "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                    "ipv6Ranges": {},
                    "prefixListIds": {},
                }
            ]
        },
    }
    made = detail["responseElements"]["securityGroupRuleSet"]["items"][0]
    assert (made["groupId"], made["fromPort"]) == (group, 22)


def test_b10_a_new_group_is_named_by_the_answer(local: LocalAws, watched: Callable[..., list[dict[str, Any]]]) -> None:
    group = _group(local, "created")
    made = [event["detail"]["responseElements"]["groupId"] for event in watched("CreateSecurityGroup")]
    assert group in made


def test_b10_modified_rules_come_in_the_newer_shape(
    local: LocalAws, watched: Callable[..., list[dict[str, Any]]]
) -> None:
    ec2, group = local.client("ec2"), _group(local, "modified")
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])["SecurityGroupRules"][0]
    changed = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}
    rule_id = made["SecurityGroupRuleId"]
    ec2.modify_security_group_rules(
        GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": changed}]
    )
    event = watched("ModifySecurityGroupRules")[0]
    assert event["detail"]["requestParameters"] == {
        "ModifySecurityGroupRulesRequest": {
            "GroupId": group,
            "SecurityGroupRule": {"SecurityGroupRuleId": rule_id, "SecurityGroupRule": changed, "tag": 1},
        }
    }


def test_b11_a_role_is_named_with_its_session(
    local: LocalAws, stacks: Stacks, watched: Callable[..., list[dict[str, Any]]]
) -> None:
    inline = {"PolicyName": "queues", "PolicyDocument": policy(allow("sqs:CreateQueue"))}
    role = resource("IAM::Role", RoleName="caller", AssumeRolePolicyDocument=trusted_by("ec2"), Policies=[inline])
    stacks.deploy("caller", {"Role": role})
    arn = local.client("iam").get_role(RoleName="caller")["Role"]["Arn"]
    asked = {"RoleArn": arn, "Service": "ec2.amazonaws.com", "SessionName": "i-0123456789abcdef0"}
    keys = local.call("POST", "sessions", asked)[1]
    local.client("sqs", credentials=keys).create_queue(QueueName="made-by-a-role")
    identities = [event["detail"]["userIdentity"] for event in watched("CreateQueue")]
    identity = next(each for each in identities if each["type"] == "AssumedRole")
    assert identity["arn"].endswith(":assumed-role/caller/i-0123456789abcdef0")
    assert identity["accessKeyId"] == keys["AccessKeyId"]
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "caller"


def test_calls_by_a_stack_are_invoked_by_cloudformation(
    local: LocalAws, stacks: Stacks, watched: Callable[..., list[dict[str, Any]]]
) -> None:
    stacks.deploy("invoked", {"Group": resource("IAM::Group", GroupName="invoked")})
    detail = watched("CreateGroup")[0]["detail"]
    assert detail["userIdentity"]["invokedBy"] == detail["sourceIPAddress"] == "cloudformation.amazonaws.com"
    assert detail["requestParameters"]["groupName"] == "invoked"


def test_reading_and_working_with_data_stay_off_the_bus(
    local: LocalAws, watched: Callable[..., list[dict[str, Any]]]
) -> None:
    local.client("ec2").describe_vpcs()
    local.client("s3").create_bucket(Bucket="quiet")
    local.client("s3").put_object(Bucket="quiet", Key="a", Body=b"1")
    assert watched("CreateBucket")  # so what came before would have come too
    for name in ("DescribeVpcs", "PutObject", "ReceiveMessage", "SendMessage"):
        assert watched(name, NOTHING_AFTER_SECONDS / 4) == []


def test_a_call_on_a_bucket_has_its_own_name(local: LocalAws, watched: Callable[..., list[dict[str, Any]]]) -> None:
    local.client("s3").create_bucket(Bucket="named")
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "arn:aws:s3:::named"}
    local.client("s3").put_bucket_policy(Bucket="named", Policy=json.dumps(policy(denied)))
    assert watched("PutBucketPolicy")[0]["detail"]["requestParameters"] == {"bucketName": "named"}


def test_whoever_stops_a_trail_is_on_the_bus(local: LocalAws, watched: Callable[..., list[dict[str, Any]]]) -> None:
    s3, cloudtrail = local.client("s3"), local.client("cloudtrail")
    s3.create_bucket(Bucket="stopped-trail")
    service = {"Service": "cloudtrail.amazonaws.com"}
    admitted = policy(
        allow("s3:GetBucketAcl", "arn:aws:s3:::stopped-trail", Principal=service),
        allow("s3:PutObject", "arn:aws:s3:::stopped-trail/*", Principal=service),
    )
    s3.put_bucket_policy(Bucket="stopped-trail", Policy=json.dumps(admitted))
    cloudtrail.create_trail(Name="stopped", S3BucketName="stopped-trail")
    cloudtrail.stop_logging(Name="stopped")
    [event] = watched("StopLogging")
    assert event["source"] == "aws.cloudtrail"
    assert event["detail"]["eventSource"] == "cloudtrail.amazonaws.com"
    assert event["detail"]["requestParameters"] == {"name": "stopped"}
    assert event["detail"]["userIdentity"]["type"] == "Root"
    assert watched("GetTrailStatus", NOTHING_AFTER_SECONDS) == []
    cloudtrail.delete_trail(Name="stopped")
    s3.delete_bucket(Bucket="stopped-trail")


def test_the_event_history_names_query_calls_too(local: LocalAws) -> None:
    local.client("iam").create_group(GroupName="in-history")
    asked = [{"AttributeKey": "EventName", "AttributeValue": "CreateGroup"}]
    found = local.client("cloudtrail").lookup_events(LookupAttributes=asked)["Events"][0]
    assert (found["EventSource"], found["Username"]) == ("iam.amazonaws.com", "root")
    assert json.loads(found["CloudTrailEvent"])["requestParameters"] == {"groupName": "in-history"}


@pytest.mark.parametrize(
    ("service", "method", "name", "expected"),
    [
        ("ec2", "POST", "DescribeVpcs", True),
        ("ec2", "POST", "RevokeSecurityGroupIngress", False),
        ("kms", "POST", "Decrypt", True),
        ("kms", "POST", "DisableKey", False),
        ("sts", "POST", "AssumeRole", True),
        ("s3", "PUT", "PutBucketPolicy", False),
    ],
)
def test_what_changes_something(service: str, method: str, name: str, expected: bool) -> None:
    assert names.is_read_only(service, method, name) is expected


def test_lists_outside_ec2_are_plain() -> None:
    sent = {"Action": "CreateRole", "Version": "2010-05-08", "RoleName": "r", "Tags.member.1.Key": "k"}
    assert parameters.of("iam", "CreateRole", sent, []) == {"roleName": "r", "tags": [{"key": "k"}]}
