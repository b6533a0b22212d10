"""An Auto Scaling group with a role of its own, which may use the key of the volumes."""

from __future__ import annotations

import base64
import copy
from typing import Any

from .parts import allow, get, key_for, policy, ref, resource, subnet, trusted_by, vpc
from .workload import RESOURCES as WORKLOAD

_ROLE_ARN = {
    "Fn::Join": [
        "",
        [
            "arn:aws:iam::",
            ref("AWS::AccountId"),
            ":role/aws-service-role/autoscaling.amazonaws.com/",
            ref("ScalingRole"),
        ],
    ]
}


def _key() -> dict[str, Any]:
    key = key_for("logs")
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:CreateGrant"]
    key["Properties"]["KeyPolicy"]["Statement"].append(allow(use, Principal={"AWS": _ROLE_ARN}))
    return key


RESOURCES: dict[str, Any] = {
    "ScalingRole": resource(
        "IAM::ServiceLinkedRole", AWSServiceName="autoscaling.amazonaws.com", CustomSuffix="fleet", Description="fleet"
    ),
    "Key": _key(),
    "Vpc": vpc(),
    "First": subnet("Vpc", 1, 0),
    "Second": subnet("Vpc", 2, 1),
    "Members": resource("EC2::SecurityGroup", GroupDescription="fleet", VpcId=ref("Vpc")),
    "Template": resource(
        "EC2::LaunchTemplate",
        LaunchTemplateData={
            "ImageId": WORKLOAD["Instance"]["Properties"]["ImageId"],
            "InstanceType": "t3.micro",
            "SecurityGroupIds": [get("Members", "GroupId")],
            "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            "Monitoring": {"Enabled": True},
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": get("Key", "Arn"), "VolumeSize": 20}}
            ],
        },
    ),
    "Group": resource(
        "AutoScaling::AutoScalingGroup",
        MinSize="2",
        MaxSize="4",
        HealthCheckType="EC2",
        HealthCheckGracePeriod=300,
        LaunchTemplate={"LaunchTemplateId": ref("Template"), "Version": get("Template", "LatestVersionNumber")},
        VPCZoneIdentifier=[ref("First"), ref("Second")],
        ServiceLinkedRoleARN=_ROLE_ARN,
    ),
}


def waiting(script: str, *, within: str = "PT10S", **update: Any) -> dict[str, Any]:
    """Return the same group, whose instances run a script at their first boot and are waited for."""
    resources = copy.deepcopy(RESOURCES)
    resources["Template"]["Properties"]["LaunchTemplateData"]["UserData"] = base64.b64encode(script.encode()).decode()
    rolling = {"MaxBatchSize": 1, "MinInstancesInService": 2, "WaitOnResourceSignals": True, "PauseTime": within}
    resources["Group"] |= {
        "CreationPolicy": {"ResourceSignal": {"Count": 2, "Timeout": within}},
        "UpdatePolicy": {"AutoScalingRollingUpdate": rolling | update},
    }
    return resources


def says(*commands: str, resource: str = "Group") -> str:
    """Return a script that signals how it ended."""
    signal = f"cfn-signal --stack anything --resource {resource} --region us-east-1 -e $?"
    return "\n".join(["#!/bin/bash", f"trap '{signal}' EXIT", "set -e", *commands, ""])


def signing(*, signs: str, allowed: str = "cloudformation:SignalResource", within: str = "PT10S") -> dict[str, Any]:
    """Return the same group, whose instances have `Role` and sign as one of two roles that are allowed something."""
    resources = waiting("", within=within)
    resources |= _role("Role", allowed) | _role("Other", allowed)
    resources["Profile"] = resource("IAM::InstanceProfile", Roles=[ref("Role")])
    script = ["", ["#!/bin/bash\ncfn-signal --stack anything --resource Group --role ", ref(signs), " -e 0\n"]]
    resources["Template"]["Properties"]["LaunchTemplateData"] |= {
        "IamInstanceProfile": {"Arn": get("Profile", "Arn")},
        "UserData": {"Fn::Base64": {"Fn::Join": script}},
    }
    return resources


def _role(name: str, allowed: str) -> dict[str, Any]:
    permitted = [{"PolicyName": "own", "PolicyDocument": policy(allow(allowed, on=ref("AWS::StackId")))}]
    return {name: resource("IAM::Role", AssumeRolePolicyDocument=trusted_by("ec2"), Policies=permitted)}
