"""RDS instances and groups, event subscriptions, secrets."""

from __future__ import annotations

from typing import Any

from ...clients import client
from . import Properties, reader


def _tags(arn: str) -> list[dict[str, str]]:
    return client("rds").list_tags_for_resource(ResourceName=arn)["TagList"]


@reader(
    "AWS::RDS::DBInstance",
    "AllocatedStorage",
    "AutoMinorVersionUpgrade",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "CopyTagsToSnapshot",
    "DBInstanceClass",
    "DBInstanceIdentifier",
    "DBName",
    "DBParameterGroupName",
    "DBSubnetGroupName",
    "DeletionProtection",
    "EnableCloudwatchLogsExports",
    "EnableIAMDatabaseAuthentication",
    "EnablePerformanceInsights",
    "Engine",
    "EngineVersion",
    "KmsKeyId",
    "ManageMasterUserPassword",
    "MasterUserSecret",
    "MasterUsername",
    "MaxAllocatedStorage",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "MultiAZ",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
    "Port",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "PubliclyAccessible",
    "StorageEncrypted",
    "StorageType",
    "Tags",
    "VPCSecurityGroups",
)
def db_instance(physical_id: str, properties: Properties) -> Properties:
    """Read a database instance; the secret shows whether RDS manages the password."""
    found = client("rds").describe_db_instances(DBInstanceIdentifier=physical_id)["DBInstances"][0]
    version = found["EngineVersion"]
    wanted = str(properties.get("EngineVersion", version))
    return {
        **found,
        "DBSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "DBParameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "EnableCloudwatchLogsExports": found.get("EnabledCloudwatchLogsExports"),
        "EnableIAMDatabaseAuthentication": found.get("IAMDatabaseAuthenticationEnabled"),
        "EnablePerformanceInsights": found.get("PerformanceInsightsEnabled"),
        "PerformanceInsightsKMSKeyId": found.get("PerformanceInsightsKMSKeyId"),
        # A template may name a line (8.4); RDS answers with a version of it.
        "EngineVersion": wanted if version.startswith(wanted) else version,
        "ManageMasterUserPassword": "MasterUserSecret" in found,
        "Port": found.get("Endpoint", {}).get("Port"),
        "Tags": _tags(found["DBInstanceArn"]),
        "VPCSecurityGroups": [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]],
    }


@reader("AWS::RDS::DBSubnetGroup", "DBSubnetGroupDescription", "DBSubnetGroupName", "SubnetIds", "Tags")
def db_subnet_group(physical_id: str, properties: Properties) -> Properties:
    """Read a subnet group."""
    found = client("rds").describe_db_subnet_groups(DBSubnetGroupName=physical_id)["DBSubnetGroups"][0]
    subnets = [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]
    return {**found, "SubnetIds": subnets, "Tags": _tags(found["DBSubnetGroupArn"])}


@reader("AWS::RDS::DBParameterGroup", "DBParameterGroupName", "Description", "Family", "Parameters", "Tags")
def db_parameter_group(physical_id: str, properties: Properties) -> Properties:
    """Read a parameter group and its parameters."""
    rds = client("rds")
    found = rds.describe_db_parameter_groups(DBParameterGroupName=physical_id)["DBParameterGroups"][0]
    parameters = rds.describe_db_parameters(DBParameterGroupName=physical_id)["Parameters"]
    values: dict[str, Any] = {each["ParameterName"]: each.get("ParameterValue") for each in parameters}
    return {
        **found,
        "Family": found["DBParameterGroupFamily"],
        "Parameters": values,
        "Tags": _tags(found["DBParameterGroupArn"]),
    }


@reader("AWS::RDS::EventSubscription", "Enabled", "EventCategories", "SnsTopicArn", "SourceIds", "SourceType")
def event_subscription(physical_id: str, properties: Properties) -> Properties:
    """Read an event subscription."""
    answer = client("rds").describe_event_subscriptions(SubscriptionName=physical_id)
    found = answer["EventSubscriptionsList"][0]
    return {**found, "EventCategories": found.get("EventCategoriesList"), "SourceIds": found.get("SourceIdsList")}


@reader("AWS::SecretsManager::Secret", "Description", "KmsKeyId", "Name", "Tags")
def secret(physical_id: str, properties: Properties) -> Properties:
    """Read a secret's description, never its value."""
    return client("secretsmanager").describe_secret(SecretId=physical_id)


@reader("AWS::SecretsManager::RotationSchedule", "RotationLambdaARN", "RotationRules", "SecretId")
def rotation_schedule(physical_id: str, properties: Properties) -> Properties:
    """Read how a secret is rotated."""
    found = client("secretsmanager").describe_secret(SecretId=properties["SecretId"])
    return {**found, "SecretId": properties["SecretId"]}


@reader("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "SecretId")
def secret_policy(physical_id: str, properties: Properties) -> Properties:
    """Read the policy of a secret."""
    found = client("secretsmanager").get_resource_policy(SecretId=properties["SecretId"])
    return {**found, "SecretId": properties["SecretId"]}
