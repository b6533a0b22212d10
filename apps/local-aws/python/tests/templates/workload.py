"""An instance with its volumes, its role and its alarms; a function with everything a function can have."""

from __future__ import annotations

from .parts import TAGS, allow, get, key_for, policy, ref, resource, subnet, trusted_by, vpc

_IMAGE = "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64}}"
_CODE = "def handler(event, context):\n    import os\n    return dict(os.environ)\n"

RESOURCES = {
    "Key": key_for("cloudwatch", "logs"),
    "Alias": resource("KMS::Alias", AliasName="alias/workload", TargetKeyId=ref("Key")),
    "Vpc": vpc(),
    "Subnet": subnet("Vpc", 1, 0, MapPublicIpOnLaunch=False),
    "Group": resource("EC2::SecurityGroup", GroupDescription="instance", VpcId=ref("Vpc")),
    "Boundary": resource("IAM::ManagedPolicy", PolicyDocument=policy(allow(["s3:*", "logs:*", "kms:*", "sqs:*"]))),
    "Role": resource(
        "IAM::Role",
        RoleName="workload-role",
        AssumeRolePolicyDocument=trusted_by("ec2"),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        PermissionsBoundary=ref("Boundary"),
        Policies=[{"PolicyName": "inline", "PolicyDocument": policy(allow("s3:ListAllMyBuckets"))}],
        Tags=TAGS,
    ),
    "Access": resource(
        "IAM::ManagedPolicy",
        ManagedPolicyName="workload-access",
        PolicyDocument=policy(allow("s3:GetObject", "arn:aws:s3:::workload/*")),
        Roles=[ref("Role")],
        Groups=[ref("People")],
    ),
    "Inline": resource(
        "IAM::Policy",
        PolicyName="workload-inline",
        PolicyDocument=policy(allow("s3:PutObject", "arn:aws:s3:::workload/*")),
        Roles=[ref("Role")],
    ),
    "Profile": resource("IAM::InstanceProfile", InstanceProfileName="workload-profile", Roles=[ref("Role")]),
    "People": resource(
        "IAM::Group",
        GroupName="workload-people",
        ManagedPolicyArns=[ref("Boundary")],
        Policies=[{"PolicyName": "inline", "PolicyDocument": policy(allow("iam:GetUser"))}],
    ),
    "Instance": resource(
        "EC2::Instance",
        ImageId=_IMAGE,
        InstanceType="t3.micro",
        SubnetId=ref("Subnet"),
        SecurityGroupIds=[ref("Group")],
        IamInstanceProfile=ref("Profile"),
        EbsOptimized=True,
        Monitoring=True,
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "InstanceMetadataTags": "enabled"},
        BlockDeviceMappings=[
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {
                    "VolumeSize": 20,
                    "VolumeType": "gp3",
                    "Encrypted": True,
                    "KmsKeyId": get("Key", "Arn"),
                    "DeleteOnTermination": True,
                },
            },
            {
                "DeviceName": "/dev/sdf",
                "Ebs": {"VolumeSize": 5, "Encrypted": True, "KmsKeyId": ref("Key"), "DeleteOnTermination": False},
            },
        ],
        PropagateTagsToVolumeOnCreation=True,
        UserData={"Fn::Base64": "#!/bin/bash\necho hello\n"},
        Tags=TAGS,
    ),
    "PublicInstance": resource(
        "EC2::Instance",
        ImageId=_IMAGE,
        InstanceType="t3.micro",
        NetworkInterfaces=[
            {
                "DeviceIndex": "0",
                "SubnetId": ref("Subnet"),
                "GroupSet": [ref("Group")],
                "AssociatePublicIpAddress": True,
            }
        ],
    ),
    "Topic": resource("SNS::Topic", KmsMasterKeyId=ref("Key")),
    "Alarm": resource(
        "CloudWatch::Alarm",
        AlarmName="workload-cpu",
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "InstanceId", "Value": ref("Instance")}],
        Statistic="Average",
        Period=300,
        EvaluationPeriods=2,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[ref("Topic")],
        Tags=TAGS,
    ),
    "DeadLetters": resource("SQS::Queue", KmsMasterKeyId=ref("Key")),
    "FunctionLogs": resource(
        "Logs::LogGroup",
        LogGroupName="/workload/function",
        LogGroupClass="STANDARD",
        KmsKeyId=get("Key", "Arn"),
        RetentionInDays=30,
    ),
    "FunctionRole": resource(
        "IAM::Role",
        AssumeRolePolicyDocument=trusted_by("lambda"),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"],
        Policies=[
            {
                "PolicyName": "dead-letters",
                "PolicyDocument": policy(allow(["sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt"])),
            }
        ],
    ),
    "Function": resource(
        "Lambda::Function",
        Runtime="python3.12",
        Handler="index.handler",
        Code={"ZipFile": _CODE},
        Role=get("FunctionRole", "Arn"),
        Timeout=20,
        MemorySize=256,
        Environment={"Variables": {"GREETING": "hello"}},
        KmsKeyArn=get("Key", "Arn"),
        DeadLetterConfig={"TargetArn": get("DeadLetters", "Arn")},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": ref("FunctionLogs")},
        VpcConfig={"SubnetIds": [ref("Subnet")], "SecurityGroupIds": [ref("Group")]},
        Tags=TAGS,
    ),
    "Retries": resource(
        "Lambda::EventInvokeConfig",
        FunctionName=ref("Function"),
        Qualifier="$LATEST",
        MaximumEventAgeInSeconds=3600,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": get("DeadLetters", "Arn")}},
    ),
    "Rule": resource(
        "Events::Rule",
        EventPattern={"source": ["aws.ec2"], "detail": {"eventName": ["AuthorizeSecurityGroupIngress"]}},
        State="ENABLED",
        Targets=[
            {
                "Id": "function",
                "Arn": get("Function", "Arn"),
                "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600},
            }
        ],
    ),
    "Invocation": resource(
        "Lambda::Permission",
        Action="lambda:InvokeFunction",
        FunctionName=get("Function", "Arn"),
        Principal="events.amazonaws.com",
        SourceArn=get("Rule", "Arn"),
        SourceAccount=ref("AWS::AccountId"),
    ),
}
