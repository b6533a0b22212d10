"""A trail that logs delivers, to where it may: log files to its bucket, events to its log group."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from conftest import LocalAws, Stacks
from drills import ACCOUNT, REGION, Aws, allow, owner, policy, unique
from templates.parts import get, ref, resource

from tapstack_local_aws.deliveries import trail_files
from tapstack_local_aws.deliveries.trail_selectors import selects

TRAIL = "cloudtrail.amazonaws.com"
ENCRYPT = allow(TRAIL, "kms:GenerateDataKey*", "kms:DescribeKey")


@dataclass(frozen=True)
class Trail:
    """A trail, and what it delivers to."""

    local: LocalAws
    aws: Aws
    name: str
    bucket: str
    group: str
    key: str
    role: str

    def happens(self) -> str:
        """Do something that is recorded; return a word that only this record holds."""
        self.aws.client("sqs").create_queue(QueueName=(name := unique("recorded")))
        return name

    def records(self) -> list[dict[str, Any]]:
        """Return what stands in the log files."""
        found = self.aws.client("s3").list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [record for each in found for record in self.read(each["Key"])]

    def read(self, key: str) -> list[dict[str, Any]]:
        """Return the records of a log file."""
        body = self.aws.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return list(json.loads(gzip.decompress(body))["Records"])

    def lines(self) -> list[dict[str, Any]]:
        """Return the events in the log group, after a while."""
        assert self.local.call("POST", "elapsed", {"seconds": 300})[0] == 200
        found = self.aws.client("logs").filter_log_events(logGroupName=self.group)["events"]
        return [json.loads(event["message"]) for event in found]

    def status(self) -> dict[str, Any]:
        """Return how the deliveries went."""
        return dict(self.aws.client("cloudtrail").get_trail_status(Name=self.name))

    def admits(self, *statements: Any) -> None:
        """Replace the policy of the bucket."""
        self.aws.client("s3").put_bucket_policy(Bucket=self.bucket, Policy=policy(*statements))


def statements(bucket: str) -> list[dict[str, Any]]:
    """Return what the bucket's policy must say."""
    write = allow(TRAIL, "s3:PutObject", StringEquals={"s3:x-amz-acl": "bucket-owner-full-control"})
    return [write | {"Resource": f"arn:aws:s3:::{bucket}/*"}, allow(TRAIL, "s3:GetBucketAcl")]


def said(records: list[dict[str, Any]], word: str) -> list[str]:
    """Return the calls that a word was said in."""
    return [record["eventName"] for record in records if word in json.dumps(record)]


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


@pytest.fixture
def trail(local: LocalAws, aws: Aws) -> Iterator[Trail]:
    """Make a trail that logs."""
    cloudtrail, group, bucket, key = aws.client("cloudtrail"), unique("group"), aws.bucket(), aws.key(ENCRYPT)
    aws.client("logs").create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    write = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": arn}
    made = Trail(local, aws, unique("trail"), bucket, group, key, aws.role(TRAIL, write))
    made.admits(*statements(bucket))
    cloudtrail.create_trail(
        Name=made.name,
        S3BucketName=bucket,
        S3KeyPrefix="audit",
        KmsKeyId=key,
        CloudWatchLogsLogGroupArn=arn,
        CloudWatchLogsRoleArn=made.role,
    )
    cloudtrail.start_logging(Name=made.name)
    yield made
    cloudtrail.delete_trail(Name=made.name)


def test_what_happened_stands_in_a_log_file(trail: Trail) -> None:
    word = trail.happens()
    (found,) = trail.aws.client("s3").list_objects_v2(Bucket=trail.bucket)["Contents"]
    day = time.strftime("%Y/%m/%d", time.gmtime())
    folder = f"audit/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{day}/"
    assert re.fullmatch(rf"{folder}{ACCOUNT}_CloudTrail_{REGION}_\d{{8}}T\d{{4}}Z_\w{{16}}\.json\.gz", found["Key"])
    assert said(trail.read(found["Key"]), word) == ["CreateQueue"]


def test_a_log_file_is_encrypted_with_the_key_of_the_trail(trail: Trail) -> None:
    trail.happens()
    s3 = trail.aws.client("s3")
    (found,) = s3.list_objects_v2(Bucket=trail.bucket)["Contents"]
    head = s3.head_object(Bucket=trail.bucket, Key=found["Key"])
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", trail.key)


def test_the_log_group_gets_the_same(trail: Trail) -> None:
    word = trail.happens()
    assert said(trail.lines(), word) == ["CreateQueue"]
    streams = trail.aws.client("logs").describe_log_streams(logGroupName=trail.group)["logStreams"]
    assert [each["logStreamName"] for each in streams] == [f"{ACCOUNT}_CloudTrail_{REGION}"]


def test_a_trail_of_all_regions_delivers_at_home(trail: Trail) -> None:
    trail.aws.client("cloudtrail").update_trail(Name=trail.name, IsMultiRegionTrail=True)
    abroad = boto3.session.Session().client(
        "sqs",
        endpoint_url=f"https://127.0.0.1:{trail.local.port}",
        verify=str(trail.local.authority),
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    abroad.create_queue(QueueName=(word := unique("abroad")))
    assert said(trail.records(), word) == ["CreateQueue"]
    found = trail.aws.client("s3").list_objects_v2(Bucket=trail.bucket, Prefix=f"audit/AWSLogs/{ACCOUNT}/CloudTrail/eu")
    assert [said(trail.read(each["Key"]), word) for each in found["Contents"]] == [["CreateQueue"]]
    assert said(trail.lines(), word) == ["CreateQueue"]


def test_an_alarm_that_a_delivery_moves_is_among_those_that_changed(trail: Trail) -> None:
    trail.aws.client("cloudwatch").put_metric_alarm(
        AlarmName=(name := unique("alarm")),
        Namespace="AWS/Logs",
        MetricName="IncomingLogEvents",
        Dimensions=[{"Name": "LogGroupName", "Value": trail.group}],
        Statistic="Sum",
        Period=3600,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
        TreatMissingData="breaching",
    )
    trail.happens()
    changed = trail.local.call("POST", "elapsed", {"seconds": 3600})[1]["changed"]
    assert [each for each in changed if each["alarm"] == name] == [
        {"alarm": name, "from": "INSUFFICIENT_DATA", "to": "OK"}
    ]


def test_an_event_is_delivered_once(trail: Trail) -> None:
    word = trail.happens()
    trail.records()
    trail.happens()
    assert said(trail.records(), word) == ["CreateQueue"]


def test_a_stopped_trail_delivers_nothing_new(trail: Trail) -> None:
    before = trail.happens()
    trail.aws.client("cloudtrail").stop_logging(Name=trail.name)
    after = trail.happens()
    records = trail.records()
    assert (said(records, before), said(records, after)) == (["CreateQueue"], [])


def test_trail_delivery_waits_until_the_bucket_admits(trail: Trail) -> None:
    trail.admits(statements(trail.bucket)[1])
    word = trail.happens()
    assert trail.records() == []
    status = trail.status()
    assert (status["LatestDeliveryError"], status["LatestDeliveryAttemptSucceeded"]) == ("AccessDenied", "")
    assert "LatestDeliveryTime" not in status

    trail.admits(*statements(trail.bucket))
    assert said(trail.records(), word) == ["CreateQueue"]
    status = trail.status()
    assert "LatestDeliveryError" not in status and "LatestDeliveryTime" in status


def test_trail_delivery_is_stopped_by_a_denial_and_that_to_the_log_group_is_not(trail: Trail) -> None:
    """The emptier of the CDK denies everybody to write before it looks at what is there."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{trail.bucket}/*"}
    trail.admits(*statements(trail.bucket), deny)
    word = trail.happens()
    assert trail.records() == []
    assert said(trail.lines(), word) == ["CreateQueue"]
    status = trail.status()
    assert status["LatestDeliveryError"] == "AccessDenied" and "LatestCloudWatchLogsDeliveryTime" in status


@pytest.mark.parametrize(("admitted", "expected"), [("its own", ["CreateQueue"]), ("another", [])])
def test_trail_delivery_names_the_key_to_the_bucket(trail: Trail, admitted: str, expected: list[str]) -> None:
    key = trail.key if admitted == "its own" else trail.aws.key()
    other = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": other}
    trail.admits(*statements(trail.bucket), deny)
    word = trail.happens()
    assert said(trail.records(), word) == expected


def test_trail_delivery_needs_the_key(trail: Trail) -> None:
    kms = trail.aws.client("kms")
    kms.put_key_policy(KeyId=trail.key, PolicyName="default", Policy=policy(owner("kms:*")))
    trail.happens()
    assert trail.records() == []
    assert trail.status()["LatestDeliveryError"] == "AccessDenied"


def test_a_bucket_that_is_gone_is_told(trail: Trail) -> None:
    trail.aws.client("s3").delete_bucket(Bucket=trail.bucket)
    trail.happens()
    with pytest.raises(Exception, match="NoSuchBucket"):
        trail.records()
    assert trail.status()["LatestDeliveryError"] == "NoSuchBucket"


def test_trail_log_delivery_needs_the_role(trail: Trail) -> None:
    iam, role = trail.aws.client("iam"), trail.role.rpartition("/")[2]
    iam.delete_role_policy(RoleName=role, PolicyName="job")
    word = trail.happens()
    assert said(trail.records(), word) == ["CreateQueue"]
    assert trail.lines() == []
    assert trail.status()["LatestCloudWatchLogsDeliveryError"] == "AccessDenied"


def test_data_events_of_objects_are_recorded_if_asked_for(trail: Trail) -> None:
    s3, store = trail.aws.client("s3"), trail.aws.bucket()
    objects = {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{store}/private/"]}
    trail.aws.client("cloudtrail").put_event_selectors(
        TrailName=trail.name, EventSelectors=[{"ReadWriteType": "All", "DataResources": [objects]}]
    )
    for key in ("private/a", "public/b"):
        s3.put_object(Bucket=store, Key=key, Body=b"1")
    keys = [(record["requestParameters"] or {}).get("key") for record in trail.records()]
    assert "private/a" in keys and "public/b" not in keys


def event(**given: Any) -> dict[str, Any]:
    """Return a record, as far as selectors look at it."""
    return {
        "eventSource": "sqs.amazonaws.com",
        "eventName": "CreateQueue",
        "readOnly": False,
        "managementEvent": True,
        "eventCategory": "Management",
        "userIdentity": {},
        "requestParameters": {},
        **given,
    }


OBJECT = event(
    eventSource="s3.amazonaws.com",
    eventName="PutObject",
    managementEvent=False,
    eventCategory="Data",
    requestParameters={"bucketName": "store", "key": "private/a"},
)


def fields(**conditions: Any) -> dict[str, Any]:
    """Return an advanced selector."""
    names = {"category": "eventCategory", "arn": "resources.ARN", "kind": "resources.type", "reads": "readOnly"}
    return {"FieldSelectors": [{"Field": names[name], **each} for name, each in conditions.items()]}


DATA = {"Equals": ["Data"]}


@pytest.mark.parametrize(
    ("selector", "record", "expected"),
    [
        ({}, event(), True),
        ({}, OBJECT, False),
        ({"ReadWriteType": "ReadOnly"}, event(), False),
        ({"ReadWriteType": "ReadOnly"}, event(readOnly=True), True),
        ({"ReadWriteType": "WriteOnly"}, event(), True),
        ({"IncludeManagementEvents": False}, event(), False),
        ({"ExcludeManagementEventSources": ["sqs.amazonaws.com"]}, event(), False),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::store/"]}]}, OBJECT, True),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::store/*"]}]}, OBJECT, False),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}, OBJECT, True),
        (fields(category={"Equals": ["Management"]}), event(), True),
        (fields(category={"Equals": ["Management"]}), OBJECT, False),
        (fields(category=DATA, kind={"Equals": ["AWS::S3::Object"]}), OBJECT, True),
        (fields(category=DATA, arn={"StartsWith": ["arn:aws:s3:::store/private/"]}), OBJECT, True),
        (fields(category=DATA, arn={"StartsWith": ["arn:aws:s3:::other/"]}), OBJECT, False),
        (fields(category=DATA, arn={"NotStartsWith": ["arn:aws:s3:::store/"]}), OBJECT, False),
        (fields(category=DATA, arn={"EndsWith": ["/a", "/b"]}), OBJECT, True),
        (fields(category=DATA, reads={"Equals": ["true"]}), OBJECT, False),
    ],
)
def test_a_selector_takes(selector: dict[str, Any], record: dict[str, Any], expected: bool) -> None:
    assert selects([selector], record) is expected


def test_after_five_minutes_it_delivers_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from ministack.services import cloudtrail

    started: list[str] = []
    monkeypatch.setattr(trail_files, "_deliveries", {})
    monkeypatch.setattr(trail_files, "spawn_background", lambda _, trail, *rest, **named: started.append(trail["Name"]))
    one = {"Name": "slow", "TrailARN": "arn:slow", "IsLogging": True}
    monkeypatch.setattr(cloudtrail, "_account_trail_items", lambda: [(REGION, "slow", one)])
    trail_files._record(event(awsRegion=REGION))
    trail_files._record(event(awsRegion=REGION))
    assert started == []
    trail_files._deliveries["arn:slow"].last_tried -= 300
    trail_files._record(event(awsRegion=REGION))
    trail_files._record(event(awsRegion=REGION))
    assert started == ["slow"]


def test_a_stack_says_what_is_counted(stacks: Stacks) -> None:
    def bucket(*wanted: dict[str, Any]) -> dict[str, Any]:
        return {"Bucket": resource("S3::Bucket", **({"MetricsConfigurations": list(wanted)} if wanted else {}))}

    s3 = stacks.local.client("s3")
    everything, private = {"Id": "All"}, {"Id": "Private", "Prefix": "private/"}

    def configured(*wanted: dict[str, Any]) -> dict[str, Any]:
        outputs = {"Name": {"Value": ref("Bucket")}, "Arn": {"Value": get("Bucket", "Arn")}}
        name = stacks.deploy("counted", bucket(*wanted), Outputs=outputs)["Name"]
        answer = s3.list_bucket_metrics_configurations(Bucket=name)
        return {each["Id"]: each.get("Filter") for each in answer.get("MetricsConfigurationList", [])}

    assert configured(everything, private) == {"All": None, "Private": {"Prefix": "private/"}}
    assert configured(private) == {"Private": {"Prefix": "private/"}}
    assert configured() == {}
