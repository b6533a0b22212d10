"""The ledger page: what it says of applied, dropped, stub and unread properties."""

from __future__ import annotations

from typing import Any

from conftest import LocalAws, Stacks
from templates import workload
from templates.parts import TAGS, get, policy, ref, resource, subnet, vpc


def _entries(local: LocalAws, stack: str, logical_id: str) -> dict[str, Any]:
    _, ledger = local.call("GET", f"ledger?stack={stack}")
    return next(each["properties"] for each in ledger["resources"] if each["logicalId"] == logical_id)


def test_a_property_that_is_there_is_applied(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("applied", {"Vpc": vpc()})
    assert {entry["status"] for entry in _entries(local, "applied", "Vpc").values()} == {"applied"}


def test_a_property_changed_behind_the_stack_is_dropped_with_the_place(local: LocalAws, stacks: Stacks) -> None:
    image = workload.RESOURCES["Instance"]["Properties"]["ImageId"]
    stacks.deploy(
        "changed",
        {
            "Vpc": vpc(),
            "Subnet": subnet("Vpc", 1, 0),
            "Instance": resource(
                "EC2::Instance",
                ImageId=image,
                InstanceType="t3.micro",
                SubnetId=ref("Subnet"),
                MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            ),
        },
    )
    instance = stacks.physical_id("changed", "Instance")
    local.client("ec2").modify_instance_metadata_options(InstanceId=instance, HttpTokens="optional")
    assert _entries(local, "changed", "Instance")["MetadataOptions"] == {
        "status": "dropped",
        "differences": [{"path": "MetadataOptions.HttpTokens", "expected": "required", "actual": "optional"}],
    }


def test_a_resource_that_is_gone_is_dropped_with_the_reason(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("gone", {"Queue": resource("SQS::Queue", VisibilityTimeout=60)})
    local.client("sqs").delete_queue(QueueUrl=stacks.physical_id("gone", "Queue"))
    entry = _entries(local, "gone", "Queue")["VisibilityTimeout"]
    assert entry["status"] == "dropped"
    assert "NonExistentQueue" in entry["reason"] or "does not exist" in entry["reason"]


def test_a_property_without_a_reader_is_unread(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("unread", {"Zone": resource("Route53::HostedZone", Name="example.com")})
    assert _entries(local, "unread", "Zone") == {"Name": {"status": "unread"}}


def test_x03_an_absent_tag_is_dropped_and_a_foreign_one_does_not_matter(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("tags", {"Group": resource("Logs::LogGroup", Tags=TAGS)})
    name, logs = stacks.physical_id("tags", "Group"), local.client("logs")
    logs.tag_log_group(logGroupName=name, tags={"Foreign": "yes"})
    assert _entries(local, "tags", "Group")["Tags"]["status"] == "applied"
    logs.untag_log_group(logGroupName=name, tags=["Environment"])
    assert _entries(local, "tags", "Group")["Tags"]["status"] == "dropped"


def test_a_policy_in_another_spelling_is_the_same_policy(local: LocalAws, stacks: Stacks) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": get("Bucket", "Arn")}
    stacks.deploy(
        "spelling",
        {
            "Bucket": resource("S3::Bucket"),
            "Policy": resource(
                "S3::BucketPolicy",
                Bucket=ref("Bucket"),
                PolicyDocument={**policy(), "Statement": {**statement, "Action": ["s3:GetObject"]}},
            ),
        },
    )
    assert _entries(local, "spelling", "Policy")["PolicyDocument"]["status"] == "applied"


def test_the_summary_counts_every_property(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("summary", {"Vpc": vpc(), "Topic": resource("SNS::Topic", DisplayName="d")})
    _, ledger = local.call("GET", "ledger?stack=summary")
    assert ledger["summary"] == {"applied": 5, "dropped": 0, "stub": 0, "unread": 0}
    assert (ledger["stack"], ledger["status"]) == ("summary", "CREATE_COMPLETE")


def test_an_unknown_stack_is_not_found(local: LocalAws) -> None:
    assert local.call("GET", "ledger?stack=none") == (404, {"error": "no stack 'none'"})


def test_the_stack_must_be_named(local: LocalAws) -> None:
    assert local.call("GET", "ledger") == (400, {"error": "name the stack: /_local/ledger?stack=NAME"})


def test_a_deleted_stack_is_not_found(local: LocalAws, stacks: Stacks) -> None:
    stacks.deploy("deleted", {"Topic": resource("SNS::Topic")})
    stacks.delete("deleted")
    assert local.call("GET", "ledger?stack=deleted")[0] == 404
