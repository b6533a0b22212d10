"""Services that are only switched on and off here: what they answer, and that IAM is asked first."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws
from drills import Aws, unique
from drills import allow as admit
from templates.parts import allow, policy

from tapstack_local_aws.ledger import of_resource

EVERYTHING = [
    ("guardduty", "list_detectors", {}, "guardduty:ListDetectors"),
    ("guardduty", "create_detector", {"Enable": True}, "guardduty:CreateDetector"),
    ("securityhub", "describe_hub", {}, "securityhub:DescribeHub"),
    ("securityhub", "enable_security_hub", {}, "securityhub:EnableSecurityHub"),
    ("accessanalyzer", "list_analyzers", {}, "access-analyzer:ListAnalyzers"),
    ("accessanalyzer", "create_analyzer", {"analyzerName": "one", "type": "ACCOUNT"}, "access-analyzer:CreateAnalyzer"),
    ("inspector2", "batch_get_account_status", {}, "inspector2:BatchGetAccountStatus"),
    ("inspector2", "enable", {"resourceTypes": ["EC2"]}, "inspector2:Enable"),
]


@pytest.fixture
def nobody(local: LocalAws) -> Iterator[dict[str, str]]:
    """Return the keys of a user who may do nothing."""
    iam = local.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    yield {name: key[name] for name in ("AccessKeyId", "SecretAccessKey")}
    for name in iam.list_user_policies(UserName="nobody")["PolicyNames"]:
        iam.delete_user_policy(UserName="nobody", PolicyName=name)
    for key in iam.list_access_keys(UserName="nobody")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="nobody", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="nobody")


def _refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize(("service", "call", "arguments", "action"), EVERYTHING)
def test_iam_decides_about_every_call(
    local: LocalAws, nobody: dict[str, str], service: str, call: str, arguments: dict[str, Any], action: str
) -> None:
    denied = _refused(getattr(local.client(service, credentials=nobody), call), **arguments)
    assert denied in ("AccessDeniedException", "AccessDenied")
    document = json.dumps(policy(allow(action)))
    local.client("iam").put_user_policy(UserName="nobody", PolicyName="one", PolicyDocument=document)
    try:
        getattr(local.client(service, credentials=nobody), call)(**arguments)
    except ClientError as error:  # what was made by another test is refused by the service, not by IAM
        assert "AccessDenied" not in error.response["Error"]["Code"]


def test_one_detector_in_an_account(local: LocalAws) -> None:
    guardduty = local.client("guardduty")
    if not guardduty.list_detectors()["DetectorIds"]:
        guardduty.create_detector(Enable=True)
    [detector] = guardduty.list_detectors()["DetectorIds"]
    assert guardduty.get_detector(DetectorId=detector)["Status"] == "ENABLED"
    assert _refused(guardduty.create_detector, Enable=True) == "BadRequestException"


def test_a_sample_finding_is_told_with_its_severity(local: LocalAws) -> None:
    guardduty, events, aws = local.client("guardduty"), local.client("events"), Aws(local.client)
    if not guardduty.list_detectors()["DetectorIds"]:
        guardduty.create_detector(Enable=True)
    [detector] = guardduty.list_detectors()["DetectorIds"]
    severe = {"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 7]}]}}
    rule, queue = unique("rule"), aws.queue(admit("events.amazonaws.com", "sqs:SendMessage"))
    events.put_rule(Name=rule, EventPattern=json.dumps(severe))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": queue}])
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=["Recon:EC2/PortProbeUnprotectedPort"])
    guardduty.create_sample_findings(DetectorId=detector, FindingTypes=["CryptoCurrency:EC2/BitcoinTool.B!DNS"])
    told = aws.arrived(queue)
    assert told and json.loads(told["Body"])["detail"]["type"] == "CryptoCurrency:EC2/BitcoinTool.B!DNS"
    assert json.loads(told["Body"])["detail"]["severity"] == 8
    assert (
        _refused(guardduty.create_sample_findings, DetectorId=detector, FindingTypes=["None"]) == "BadRequestException"
    )
    events.remove_targets(Rule=rule, Ids=["queue"])
    events.delete_rule(Name=rule)


def test_iam_can_name_the_resource(local: LocalAws, nobody: dict[str, str]) -> None:
    admitted = policy(
        allow("guardduty:GetDetector", "arn:aws:guardduty:us-east-1:000000000000:detector/*"),
        allow("securityhub:DescribeHub", "arn:aws:securityhub:us-east-1:000000000000:hub/default"),
        allow("access-analyzer:CreateAnalyzer", "arn:aws:access-analyzer:us-east-1:000000000000:analyzer/one"),
    )
    local.client("iam").put_user_policy(UserName="nobody", PolicyName="one", PolicyDocument=json.dumps(admitted))
    guardduty, hub, analyzer = (
        local.client(name, credentials=nobody) for name in ("guardduty", "securityhub", "accessanalyzer")
    )
    assert _refused(guardduty.get_detector, DetectorId="none") == "BadRequestException"
    with contextlib.suppress(hub.exceptions.InvalidAccessException):
        hub.describe_hub()
    denied = _refused(analyzer.create_analyzer, analyzerName="two", type="ACCOUNT")
    assert denied == "AccessDeniedException"


def test_security_hub_is_on_once(local: LocalAws) -> None:
    hub = local.client("securityhub")
    try:
        hub.describe_hub()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "InvalidAccessException"
        hub.enable_security_hub()
    assert hub.describe_hub()["HubArn"] == "arn:aws:securityhub:us-east-1:000000000000:hub/default"
    assert _refused(hub.enable_security_hub) == "ResourceConflictException"


def test_one_analyzer_of_a_kind(local: LocalAws) -> None:
    analyzer = local.client("accessanalyzer")
    if not analyzer.list_analyzers(type="ACCOUNT")["analyzers"]:
        analyzer.create_analyzer(analyzerName="one", type="ACCOUNT")
    [found] = analyzer.list_analyzers(type="ACCOUNT")["analyzers"]
    assert found["status"] == "ACTIVE"
    assert _refused(analyzer.create_analyzer, analyzerName=found["name"], type="ACCOUNT") == "ConflictException"
    assert _refused(analyzer.create_analyzer, analyzerName="two", type="ACCOUNT") == "ServiceQuotaExceededException"


def test_inspector_is_on_when_a_kind_of_resources_is(local: LocalAws) -> None:
    inspector = local.client("inspector2")
    inspector.enable(resourceTypes=["EC2"])
    [account] = inspector.batch_get_account_status()["accounts"]
    assert account["state"]["status"] == "ENABLED"


def test_the_ledger_calls_them_stubs() -> None:
    assert of_resource("Custom::ThreatDetection", "guardduty", {"Service": "GUARDDUTY"}) == {
        "Service": {"status": "stub"}
    }
