"""Services that are only switched on and off here: what they answer, and that IAM is asked first."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import LocalAws
from drills import ACCOUNT, Aws, owner, unique
from drills import allow as admit
from drills import policy as document
from templates.parts import allow, policy

from tapstack_local_aws.apis.external_access import let_in
from tapstack_local_aws.ledger import of_resource

PRODUCT = f"arn:aws:securityhub:us-east-1:{ACCOUNT}:product/{ACCOUNT}/default"


def imported(severity: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a finding in the format of AWS."""
    return {
        "SchemaVersion": "2018-10-08",
        "Id": unique("finding"),
        "ProductArn": PRODUCT,
        "GeneratorId": "test",
        "AwsAccountId": ACCOUNT,
        "CreatedAt": "2026-11-25T09:30:00Z",
        "UpdatedAt": "2026-11-25T09:30:00Z",
        "Severity": severity,
        "Title": "A test",
        "Description": "It tests.",
        "Resources": [{"Type": "AwsAccount", "Id": f"AWS::::Account:{ACCOUNT}"}],
        **more,
    }


EVERYTHING = [
    ("guardduty", "list_detectors", {}, "guardduty:ListDetectors"),
    ("guardduty", "create_detector", {"Enable": True}, "guardduty:CreateDetector"),
    ("securityhub", "describe_hub", {}, "securityhub:DescribeHub"),
    ("securityhub", "enable_security_hub", {}, "securityhub:EnableSecurityHub"),
    ("securityhub", "batch_import_findings", {"Findings": [imported({})]}, "securityhub:BatchImportFindings"),
    ("accessanalyzer", "list_findings", {"analyzerArn": "none"}, "access-analyzer:ListFindings"),
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


@contextlib.contextmanager
def heard(local: LocalAws, pattern: dict[str, Any]) -> Iterator[Callable[[], dict[str, Any] | None]]:
    """Listen to the default bus; what is given back waits for the next event."""
    events, aws = local.client("events"), Aws(local.client)
    rule, queue = unique("rule"), aws.queue(admit("events.amazonaws.com", "sqs:SendMessage"))
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": queue}])

    def following() -> dict[str, Any] | None:
        told = aws.arrived(queue)
        return json.loads(told["Body"]) if told else None

    yield following
    events.remove_targets(Rule=rule, Ids=["queue"])
    events.delete_rule(Name=rule)


def test_a_sample_finding_is_told_with_its_severity(local: LocalAws) -> None:
    guardduty = local.client("guardduty")
    if not guardduty.list_detectors()["DetectorIds"]:
        guardduty.create_detector(Enable=True)
    [detector] = guardduty.list_detectors()["DetectorIds"]
    with heard(local, {"source": ["aws.guardduty"], "detail": {"severity": [{"numeric": [">=", 7]}]}}) as following:
        guardduty.create_sample_findings(DetectorId=detector, FindingTypes=["Recon:EC2/PortProbeUnprotectedPort"])
        guardduty.create_sample_findings(DetectorId=detector, FindingTypes=["CryptoCurrency:EC2/BitcoinTool.B!DNS"])
        told = following()
    assert told and told["detail"]["type"] == "CryptoCurrency:EC2/BitcoinTool.B!DNS"
    assert told["detail"]["severity"] == 8
    assert (
        _refused(guardduty.create_sample_findings, DetectorId=detector, FindingTypes=["None"]) == "BadRequestException"
    )


@pytest.fixture
def hub(local: LocalAws) -> Any:
    """Return a client of Security Hub, which is on."""
    client = local.client("securityhub")
    with contextlib.suppress(client.exceptions.ResourceConflictException):
        client.enable_security_hub()
    return client


def test_a_finding_that_is_imported_is_told(local: LocalAws, hub: Any) -> None:
    finding = imported({"Label": "HIGH"})
    with heard(local, {"source": ["aws.securityhub"], "resources": [f"{PRODUCT}/{finding['Id']}"]}) as following:
        assert hub.batch_import_findings(Findings=[finding])["SuccessCount"] == 1
        told = following()
        assert told and told["detail-type"] == "Security Hub Findings - Imported"
        [whole] = told["detail"]["findings"]
        assert whole["Severity"] == {"Label": "HIGH", "Normalized": 70}
        assert (whole["RecordState"], whole["Workflow"], whole["Region"]) == ("ACTIVE", {"Status": "NEW"}, "us-east-1")
        hub.batch_import_findings(Findings=[finding])
        assert following() is None, "it is no newer"
        newer = {**finding, "UpdatedAt": "2026-11-25T09:31:00Z", "Severity": {"Normalized": 41}}
        hub.batch_import_findings(Findings=[newer])
        told = following()
        assert told and told["detail"]["findings"][0]["Severity"] == {"Label": "MEDIUM", "Normalized": 41}


def test_findings_that_security_hub_does_not_take(hub: Any) -> None:
    incomplete = imported({})
    answer = hub.batch_import_findings(Findings=[incomplete, imported({"Label": "LOW"})])
    assert (answer["SuccessCount"], answer["FailedCount"]) == (1, 1)
    assert answer["FailedFindings"][0]["ErrorCode"] == "InvalidInput"
    theirs = imported({"Label": "LOW"}, ProductArn="arn:aws:securityhub:us-east-1::product/aws/guardduty")
    assert _refused(hub.batch_import_findings, Findings=[theirs]) == "AccessDeniedException"
    many = [imported({"Label": "LOW"})] * 101
    assert _refused(hub.batch_import_findings, Findings=many) == "InvalidInputException"


def outside(service: str, action: str, principal: Any = "arn:aws:iam::444455556666:root", **more: Any) -> str:
    """Return a policy that lets somebody in; `service` is the statement that leaves the account in charge."""
    let_in = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*", **more}
    return document(owner(f"{service}:*"), let_in)


@pytest.fixture
def analyzer(local: LocalAws) -> Any:
    """Return a client of Access Analyzer, which has an analyzer of the account."""
    client = local.client("accessanalyzer")
    if not client.list_analyzers(type="ACCOUNT")["analyzers"]:
        client.create_analyzer(analyzerName="one", type="ACCOUNT")
    return client


def test_a_bucket_that_is_opened_is_found_and_told_until_it_is_closed(local: LocalAws, analyzer: Any) -> None:
    s3, bucket = local.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    resource = f"arn:aws:s3:::{bucket}"
    [one] = analyzer.list_analyzers(type="ACCOUNT")["analyzers"]

    def status() -> list[str]:
        findings = analyzer.list_findings(analyzerArn=one["arn"])["findings"]
        return [finding["status"] for finding in findings if finding["resource"] == resource]

    with heard(local, {"source": ["aws.access-analyzer"], "detail": {"resource": [resource]}}) as following:
        s3.put_bucket_policy(Bucket=bucket, Policy=document({**owner("s3:GetObject"), "Resource": f"{resource}/*"}))
        assert following() is None
        s3.put_bucket_policy(Bucket=bucket, Policy=outside("s3", "s3:GetObject"))
        told = following()
        assert told and told["detail-type"] == "Access Analyzer Finding" and told["resources"] == [one["arn"]]
        detail = told["detail"]
        assert (detail["status"], detail["resourceType"], detail["isPublic"]) == ("ACTIVE", "AWS::S3::Bucket", False)
        assert (detail["principal"], detail["action"]) == ({"AWS": "arn:aws:iam::444455556666:root"}, ["s3:GetObject"])
        assert status() == ["ACTIVE"]
        s3.put_bucket_policy(Bucket=bucket, Policy=outside("s3", "s3:GetObject"))
        assert following() is None, "it is known already"
        s3.delete_bucket_policy(Bucket=bucket)
        told = following()
        assert told and told["detail"]["status"] == "RESOLVED"
        assert status() == ["RESOLVED"]
    assert _refused(analyzer.list_findings, analyzerArn="none") == "ResourceNotFoundException"


def test_keys_and_roles_that_are_opened_are_found(local: LocalAws, analyzer: Any) -> None:
    kms, iam = local.client("kms"), local.client("iam")
    key = kms.create_key(Policy=outside("kms", "kms:Decrypt"))["KeyMetadata"]["Arn"]
    trust = {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    [one] = analyzer.list_analyzers(type="ACCOUNT")["analyzers"]
    found = {each["resource"]: each for each in analyzer.list_findings(analyzerArn=one["arn"])["findings"]}
    assert (found[key]["resourceType"], found[role]["resourceType"]) == ("AWS::KMS::Key", "AWS::IAM::Role")
    assert found[role]["principal"] == {"AWS": "444455556666"}


ANYBODY: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (ANYBODY, [({"AWS": "*"}, True)]),
        ({**ANYBODY, "Principal": {"Federated": "idp"}}, [({"Federated": "idp"}, False)]),
        ({**ANYBODY, "Principal": {"AWS": [ACCOUNT, "444455556666"]}}, [({"AWS": "444455556666"}, False)]),
        ({**ANYBODY, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, [({"AWS": "*"}, False)]),
        ({**ANYBODY, "Condition": {"StringEquals": {"kms:CallerAccount": "444455556666"}}}, [({"AWS": "*"}, False)]),
        ({**ANYBODY, "Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}}}, []),
        ({**ANYBODY, "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}}, []),
        ({**ANYBODY, "Condition": {"StringNotEquals": {"kms:CallerAccount": ACCOUNT}}}, [({"AWS": "*"}, False)]),
        ({**ANYBODY, "Principal": {"Service": "s3.amazonaws.com"}}, []),
        ({**ANYBODY, "Effect": "Deny"}, []),
    ],
)
def test_who_from_outside_a_policy_lets_in(statement: dict[str, Any], found: list[Any]) -> None:
    outsiders = let_in({"Statement": [statement]}, ACCOUNT)
    assert [(outsider.principal, outsider.is_everybody) for outsider in outsiders] == found


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
