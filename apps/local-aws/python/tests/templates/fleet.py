"""An Auto Scaling group with a role of its own, which may use the key of the volumes."""

from __future__ import annotations

import base64
import copy
from typing import Any

from .parts import allow, get, key_for, ref, resource, subnet, vpc
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


def waiting(script: str, *, within: str = "PT10S", **policy: Any) -> dict[str, Any]:
    """Return the same group, whose instances run a script at their first boot and are waited for."""
    resources = copy.deepcopy(RESOURCES)
    resources["Template"]["Properties"]["LaunchTemplateData"]["UserData"] = base64.b64encode(script.encode()).decode()
    rolling = {"MaxBatchSize": 1, "MinInstancesInService": 2, "WaitOnResourceSignals": True, "PauseTime": within}
    resources["Group"] |= {
        "CreationPolicy": {"ResourceSignal": {"Count": 2, "Timeout": within}},
        "UpdatePolicy": {"AutoScalingRollingUpdate": rolling | policy},
    }
    return resources


def says(*commands: str, resource: str = "Group") -> str:
    """Return a script that signals how it ended."""
    signal = f"cfn-signal --stack anything --resource {resource} --region us-east-1 -e $?"
    return "\n".join(["#!/bin/bash", f"trap '{signal}' EXIT", "set -e", *commands, ""])
