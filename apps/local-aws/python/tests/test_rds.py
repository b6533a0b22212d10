"""Backups that outlive their instance, and event subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import LocalAws, Stacks
from drills import refused, unique
from templates.parts import ref, resource


@pytest.fixture
def rds(client: Callable[..., Any]) -> Any:
    """Return a client."""
    return client("rds")


def instance(rds: Any, *, retention: int = 7) -> str:
    """Make an instance; return its name."""
    rds.create_db_instance(
        DBInstanceIdentifier=(name := unique("orders")),
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        MasterUsername="operator",
        MasterUserPassword="nobody-logs-in",
        AllocatedStorage=20,
        BackupRetentionPeriod=retention,
    )
    return name


def backups(rds: Any, name: str) -> list[str]:
    """Return the statuses of the backups of an instance."""
    found = rds.describe_db_instance_automated_backups(DBInstanceIdentifier=name)["DBInstanceAutomatedBackups"]
    return [backup["Status"] for backup in found]


def test_backups_go_with_their_instance_unless_told_otherwise_c04(rds: Any) -> None:
    gone, kept = instance(rds), instance(rds)
    assert [backups(rds, gone), backups(rds, kept)] == [["active"], ["active"]]
    rds.delete_db_instance(DBInstanceIdentifier=gone, SkipFinalSnapshot=True)
    rds.delete_db_instance(DBInstanceIdentifier=kept, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    assert [backups(rds, gone), backups(rds, kept)] == [[], ["retained"]]


def test_a_backup_that_was_kept_can_be_deleted(rds: Any) -> None:
    name = instance(rds)
    rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=False)
    [backup] = rds.describe_db_instance_automated_backups(DBInstanceIdentifier=name)["DBInstanceAutomatedBackups"]
    wanted = {"DbiResourceId": backup["DbiResourceId"]}
    rds.delete_db_instance_automated_backup(**wanted)
    assert backups(rds, name) == []
    refused("DBInstanceAutomatedBackupNotFound", rds.delete_db_instance_automated_backup, **wanted)


def test_an_instance_without_backups_has_none(rds: Any) -> None:
    assert backups(rds, instance(rds, retention=0)) == []


@pytest.mark.parametrize(("delete", "left"), [(True, []), (False, ["retained"])])
def test_a_template_says_whether_backups_go_c04(rds: Any, stacks: Stacks, delete: bool, left: list[str]) -> None:
    name = unique("orders")
    database = resource(
        "RDS::DBInstance",
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        MasterUsername="operator",
        ManageMasterUserPassword=True,
        AllocatedStorage="20",
        BackupRetentionPeriod=7,
        DeleteAutomatedBackups=delete,
    )
    stack = unique("backups")
    stacks.deploy(stack, {"Database": {**database, "DeletionPolicy": "Delete"}})
    assert stacks.delete(stack) == "DELETE_COMPLETE"
    assert backups(rds, name) == left


def test_an_event_subscription_is_made_changed_and_deleted(rds: Any, local: LocalAws, stacks: Stacks) -> None:
    topics = {"Topic": resource("SNS::Topic"), "Policy": topic_policy()}
    stack = unique("events")

    def deploy(**properties: Any) -> dict[str, Any]:
        events = resource("RDS::EventSubscription", SourceType="db-instance", **properties)
        stacks.deploy(stack, {**topics, "Events": {**events, "DependsOn": "Policy"}})
        name = stacks.physical_id(stack, "Events")
        found = rds.describe_event_subscriptions(SubscriptionName=name)["EventSubscriptionsList"][0]
        keys = ("CustSubscriptionId", "SnsTopicArn", "SourceIdsList", "EventCategoriesList", "Enabled")
        return {key: found.get(key) for key in keys}

    first = deploy(SnsTopicArn=ref("Topic"), SourceIds=["orders", "old"], EventCategories=["failure"])
    assert first["SnsTopicArn"] == stacks.physical_id(stack, "Topic")
    assert [first["SourceIdsList"], first["EventCategoriesList"], first["Enabled"]] == [
        ["orders", "old"],
        ["failure"],
        True,
    ]
    second = deploy(SnsTopicArn=ref("Topic"), SourceIds=["orders", "new"], EventCategories=["failover"], Enabled=False)
    assert second == {
        "CustSubscriptionId": first["CustSubscriptionId"],
        "SnsTopicArn": first["SnsTopicArn"],
        "SourceIdsList": ["orders", "new"],
        "EventCategoriesList": ["failover"],
        "Enabled": False,
    }
    _, ledger = local.call("GET", f"ledger?stack={stack}")
    [events] = [each for each in ledger["resources"] if each["logicalId"] == "Events"]
    assert {entry["status"] for entry in events["properties"].values()} == {"applied"}
    stacks.delete(stack)
    refused("SubscriptionNotFound", rds.describe_event_subscriptions, SubscriptionName=first["CustSubscriptionId"])


def test_what_is_asked_of_an_unknown_event_subscription_is_refused(rds: Any) -> None:
    nobody = {"SubscriptionName": "nobody"}
    refused("SubscriptionNotFound", rds.modify_event_subscription, **nobody, Enabled=True)
    refused("SubscriptionNotFound", rds.delete_event_subscription, **nobody)
    refused("SubscriptionNotFound", rds.add_source_identifier_to_subscription, **nobody, SourceIdentifier="orders")
    refused("SubscriptionNotFound", rds.remove_source_identifier_from_subscription, **nobody, SourceIdentifier="orders")


def topic_policy() -> dict[str, Any]:
    """Let RDS publish to the topic."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.rds.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    return resource(
        "SNS::TopicPolicy",
        Topics=[ref("Topic")],
        PolicyDocument={"Version": "2012-10-17", "Statement": [statement]},
    )
