"""A database whose password RDS manages, and a secret with rotation and a policy."""

from __future__ import annotations

from .parts import TAGS, get, key_for, policy, ref, resource, subnet, trusted_by, vpc

RESOURCES = {
    "Key": key_for(),
    "Vpc": vpc(),
    "First": subnet("Vpc", 1, 0),
    "Second": subnet("Vpc", 2, 1),
    "Group": resource("EC2::SecurityGroup", GroupDescription="database", VpcId=ref("Vpc")),
    "Subnets": resource(
        "RDS::DBSubnetGroup",
        DBSubnetGroupDescription="private",
        SubnetIds=[ref("First"), ref("Second")],
        Tags=TAGS,
    ),
    "Parameters": resource(
        "RDS::DBParameterGroup",
        Description="tls",
        Family="mysql8.4",
        Parameters={"require_secure_transport": "1", "general_log": "1"},
        Tags=TAGS,
    ),
    "MonitoringRole": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("monitoring.rds")),
    "Database": resource(
        "RDS::DBInstance",
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        EngineVersion="8.4",
        AllocatedStorage="20",
        MasterUsername="dbadmin",
        ManageMasterUserPassword=True,
        MasterUserSecret={"KmsKeyId": get("Key", "Arn")},
        DBSubnetGroupName=ref("Subnets"),
        DBParameterGroupName=ref("Parameters"),
        VPCSecurityGroups=[ref("Group")],
        StorageEncrypted=True,
        KmsKeyId=get("Key", "Arn"),
        BackupRetentionPeriod=7,
        CopyTagsToSnapshot=True,
        DeletionProtection=False,
        EnableCloudwatchLogsExports=["error", "general", "slowquery"],
        MonitoringInterval=60,
        MonitoringRoleArn=get("MonitoringRole", "Arn"),
        MultiAZ=True,
        PubliclyAccessible=False,
        Tags=TAGS,
    )
    | {"DeletionPolicy": "Delete"},
    "Secret": resource("SecretsManager::Secret", KmsKeyId=ref("Key"), SecretString="initial", Tags=TAGS),
    "RotationRole": resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("lambda")),
    "Rotator": resource(
        "Lambda::Function",
        Runtime="python3.12",
        Handler="index.handler",
        Code={"ZipFile": "def handler(event, context):\n    pass\n"},
        Role=get("RotationRole", "Arn"),
    ),
    "Rotation": resource(
        "SecretsManager::RotationSchedule",
        SecretId=ref("Secret"),
        RotationLambdaARN=get("Rotator", "Arn"),
        RotationRules={"AutomaticallyAfterDays": 30},
    ),
    "SecretPolicy": resource(
        "SecretsManager::ResourcePolicy",
        SecretId=ref("Secret"),
        ResourcePolicy=policy(
            {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteSecret", "Resource": "*"}
        ),
    ),
}
