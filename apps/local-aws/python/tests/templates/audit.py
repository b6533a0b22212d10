"""A trail, AWS Config and the filters on the trail's log group."""

from __future__ import annotations

from .parts import TAGS, allow, get, key_for, policy, ref, resource, trusted_by

_CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
_CONFIG = {"Service": "config.amazonaws.com"}

PACK = """Resources:
 AccessKeysRotated:
  Type: AWS::Config::ConfigRule
  Properties:
   ConfigRuleName: access-keys-rotated
   Source:
    Owner: AWS
    SourceIdentifier: ACCESS_KEYS_ROTATED
   InputParameters:
    maxAccessKeyAge: '90'
 VpcFlowLogsEnabled:
  Type: AWS::Config::ConfigRule
  Properties: {ConfigRuleName: vpc-flow-logs-enabled, Source: {Owner: AWS, SourceIdentifier: VPC_FLOW_LOGS_ENABLED}}"""

RESOURCES = {
    "Key": key_for("cloudtrail", "logs", "config"),
    "Archive": resource("S3::Bucket"),
    "ArchivePolicy": resource(
        "S3::BucketPolicy",
        Bucket=ref("Archive"),
        PolicyDocument=policy(
            allow("s3:GetBucketAcl", get("Archive", "Arn"), Principal=_CLOUDTRAIL),
            allow("s3:PutObject", {"Fn::Sub": "${Archive.Arn}/*"}, Principal=_CLOUDTRAIL),
            allow(["s3:GetBucketAcl", "s3:ListBucket"], get("Archive", "Arn"), Principal=_CONFIG),
            allow("s3:PutObject", {"Fn::Sub": "${Archive.Arn}/*"}, Principal=_CONFIG),
        ),
    ),
    "TrailLogs": resource("Logs::LogGroup", KmsKeyId=get("Key", "Arn"), RetentionInDays=365),
    "TrailRole": resource(
        "IAM::Role",
        AssumeRolePolicyDocument=trusted_by("cloudtrail"),
        Policies=[
            {
                "PolicyName": "write",
                "PolicyDocument": policy(allow(["logs:CreateLogStream", "logs:PutLogEvents"])),
            }
        ],
    ),
    "Trail": resource(
        "CloudTrail::Trail",
        TrailName="audit-trail",
        S3BucketName=ref("Archive"),
        S3KeyPrefix="trail",
        KMSKeyId=get("Key", "Arn"),
        CloudWatchLogsLogGroupArn=get("TrailLogs", "Arn"),
        CloudWatchLogsRoleArn=get("TrailRole", "Arn"),
        EnableLogFileValidation=True,
        IncludeGlobalServiceEvents=True,
        IsLogging=True,
        IsMultiRegionTrail=True,
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": [{"Fn::Sub": "${Archive.Arn}/"}]}],
            }
        ],
        Tags=TAGS,
        _after="ArchivePolicy",
    ),
    "DataTrail": resource(
        "CloudTrail::Trail",
        S3BucketName=ref("Archive"),
        IsLogging=False,
        AdvancedEventSelectors=[
            {"Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
        ],
        _after="ArchivePolicy",
    ),
    "Unauthorized": resource(
        "Logs::MetricFilter",
        LogGroupName=ref("TrailLogs"),
        FilterPattern='{ ($.errorCode = "*UnauthorizedOperation") }',
        MetricTransformations=[
            {"MetricNamespace": "Security", "MetricName": "Unauthorized", "MetricValue": "1", "DefaultValue": 0}
        ],
    ),
    "RecorderRole": resource(
        "IAM::Role",
        AssumeRolePolicyDocument=trusted_by("config"),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"],
    ),
    "Recorder": resource(
        "Config::ConfigurationRecorder",
        RoleARN=get("RecorderRole", "Arn"),
        RecordingGroup={"AllSupported": True, "IncludeGlobalResourceTypes": True},
    ),
    "Changes": resource("SNS::Topic"),
    "Channel": resource(
        "Config::DeliveryChannel",
        S3BucketName=ref("Archive"),
        S3KeyPrefix="config",
        S3KmsKeyArn=get("Key", "Arn"),
        SnsTopicARN=ref("Changes"),
        ConfigSnapshotDeliveryProperties={"DeliveryFrequency": "TwentyFour_Hours"},
        _after="ArchivePolicy",
    ),
    "Versioned": resource(
        "Config::ConfigRule",
        Source={"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"},
        Scope={"ComplianceResourceTypes": ["AWS::S3::Bucket"]},
        _after="Recorder",
    ),
    "Rotated": resource(
        "Config::ConfigRule",
        Source={"Owner": "AWS", "SourceIdentifier": "ACCESS_KEYS_ROTATED"},
        InputParameters={"maxAccessKeyAge": 60},
        MaximumExecutionFrequency="TwentyFour_Hours",
        _after="Recorder",
    ),
    "Pack": resource("Config::ConformancePack", ConformancePackName="checks", TemplateBody=PACK, _after="Recorder"),
}
