"""Policies that AWS would not store, roles it would not delete, references it would not resolve."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from drills import ACCOUNT, Aws, allow, owner, policy, refused, rolled_back, unique

LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def naming(*principals: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "*", "Resource": "*"}


def test_key_policy_lockout(aws: Aws) -> None:
    kms = aws.client("kms")
    locking = policy(allow("logs.us-east-1.amazonaws.com", "kms:*"))
    assert refused("MalformedPolicyDocumentException", kms.create_key, Policy=locking) == LOCKED_OUT
    key = aws.key()
    assert refused("MalformedPolicyDocumentException", kms.put_key_policy, KeyId=key, Policy=locking) == LOCKED_OUT
    kms.put_key_policy(KeyId=key, Policy=locking, BypassPolicyLockoutSafetyCheck=True)


@pytest.mark.parametrize("action", ["kms:Encrypt", "kms:Describe*"])
def test_key_policy_lockout_by_too_few_actions(aws: Aws, action: str) -> None:
    refused("MalformedPolicyDocumentException", aws.client("kms").create_key, Policy=policy(owner(action)))


def test_key_policy_lockout_in_a_template(stacks: Any) -> None:
    def key(**properties: Any) -> dict[str, Any]:
        document = json.loads(policy(allow("logs.us-east-1.amazonaws.com", "kms:*")))
        return {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": document, **properties}}}

    assert LOCKED_OUT in rolled_back(stacks, key())
    stacks.deploy(unique("key"), key(BypassPolicyLockoutSafetyCheck=True))


@pytest.mark.parametrize(
    "principal",
    [f"arn:aws:iam::{ACCOUNT}:role/absent", f"arn:aws:iam::{ACCOUNT}:user/absent", "nobody", "arn:aws:s3:::bucket"],
)
def test_policy_principal(aws: Aws, principal: str) -> None:
    document = policy(owner("kms:*"), naming(principal))
    refused("MalformedPolicyDocumentException", aws.client("kms").create_key, Policy=document)
    bucket, topic = aws.bucket(), aws.topic()
    s3, sns = aws.client("s3"), aws.client("sns")
    refused("MalformedPolicy", s3.put_bucket_policy, Bucket=bucket, Policy=document)
    setting = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": document}
    refused("InvalidParameter", sns.set_topic_attributes, **setting)
    trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    message = refused(
        "MalformedPolicyDocument",
        aws.client("iam").create_role,
        RoleName=unique("role"),
        AssumeRolePolicyDocument=policy(trust),
    )
    assert message == f'Invalid principal in policy: "AWS":"{principal}"'


@pytest.mark.parametrize("service", ["not a service", "ec2", "EC2.amazonaws.com"])
def test_policy_principal_of_a_service(aws: Aws, service: str) -> None:
    document = policy(owner("kms:*"), allow(service, "kms:Decrypt"))
    refused("MalformedPolicyDocumentException", aws.client("kms").create_key, Policy=document)


def test_policy_principal_that_exists(aws: Aws) -> None:
    role = aws.role("ec2.amazonaws.com")
    foreign = "arn:aws:iam::111111111111:role/whoever"
    document = policy(owner("kms:*"), naming(role, "*", "111111111111", foreign))
    aws.client("kms").create_key(Policy=document)


def test_policy_principal_in_a_template(stacks: Any) -> None:
    document = {"Version": "2012-10-17", "Statement": [naming(f"arn:aws:iam::{ACCOUNT}:role/absent")]}
    queue = {"Queues": [{"Ref": "Queue"}], "PolicyDocument": document}
    topic = {"Topics": [{"Ref": "Topic"}], "PolicyDocument": document}
    bucket = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document}
    assert "Invalid value for the parameter Policy." in rolled_back(
        stacks, {"Queue": {"Type": "AWS::SQS::Queue"}, "Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": queue}}
    )
    assert "PrincipalNotFound" in rolled_back(
        stacks, {"Topic": {"Type": "AWS::SNS::Topic"}, "Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": topic}}
    )
    assert "Invalid principal in policy" in rolled_back(
        stacks,
        {"Bucket": {"Type": "AWS::S3::Bucket"}, "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": bucket}},
    )


def test_role_in_use(aws: Aws, stacks: Any) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    look = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "Policies": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [look]}}],
    }
    stacks.deploy(name := unique("role"), {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}})
    role, iam = stacks.physical_id(name, "Role"), aws.client("iam")

    iam.put_role_policy(RoleName=role, PolicyName="foreign", PolicyDocument=policy(look))
    assert stacks.delete(name) == "DELETE_FAILED"

    iam.delete_role_policy(RoleName=role, PolicyName="foreign")
    stacks.names.append(name)
    assert stacks.delete(name) == "DELETE_COMPLETE"


TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.mark.parametrize(
    "reference",
    [
        {"Ref": "Absent"},
        {"Fn::GetAtt": ["Absent", "Arn"]},
        {"Fn::GetAtt": "Absent.Arn"},
        {"Fn::Sub": "${Absent}"},
        {"Fn::Sub": "arn:${AWS::Partition}:${Absent.Arn}"},
        {"Fn::Join": ["", ["a", {"Ref": "Absent"}]]},
    ],
)
@pytest.mark.parametrize("block", ["Resources", "Outputs"])
def test_template_references(client: Callable[..., Any], reference: dict[str, Any], block: str) -> None:
    template: dict[str, Any] = {"Resources": {"Topic": dict(TOPIC)}}
    if block == "Resources":
        template["Resources"]["Topic"]["Properties"] = {"DisplayName": reference}
    else:
        template["Outputs"] = {"Out": {"Value": reference}}
    cloudformation, body = client("cloudformation"), json.dumps(template)
    expected = f"Unresolved resource dependencies [Absent] in the {block} block of the template"
    assert expected in refused("ValidationError", cloudformation.validate_template, TemplateBody=body)
    assert expected in refused(
        "ValidationError", cloudformation.create_stack, StackName=unique("stack"), TemplateBody=body
    )
    assert expected in refused(
        "ValidationError",
        cloudformation.create_change_set,
        StackName=unique("stack"),
        ChangeSetName="change",
        ChangeSetType="CREATE",
        TemplateBody=body,
    )


@pytest.mark.parametrize("attribute", [{"DependsOn": "Absent"}, {"DependsOn": ["Absent"]}, {"Condition": "Absent"}])
def test_template_references_of_attributes(client: Callable[..., Any], attribute: dict[str, Any]) -> None:
    body = json.dumps({"Resources": {"Topic": {**TOPIC, **attribute}}})
    assert "Absent" in refused("ValidationError", client("cloudformation").validate_template, TemplateBody=body)


def test_template_circular(client: Callable[..., Any]) -> None:
    one = {**TOPIC, "Properties": {"DisplayName": {"Ref": "Two"}}}
    two = {**TOPIC, "Properties": {"DisplayName": {"Fn::GetAtt": ["One", "TopicName"]}}}
    body, cloudformation = json.dumps({"Resources": {"One": one, "Two": two}}), client("cloudformation")
    stack = {"StackName": unique("stack"), "TemplateBody": body}
    message = refused("ValidationError", cloudformation.create_stack, **stack)
    assert message == "Circular dependency between resources: [One, Two]"
    refused(
        "ValidationError", cloudformation.create_change_set, **stack, ChangeSetName="change", ChangeSetType="CREATE"
    )


def test_template_references_that_resolve(client: Callable[..., Any]) -> None:
    name = {
        "Fn::Sub": ["${Own}-${Word}-${AWS::Region}-${!Literal}-${Other.TopicName}", {"Own": {"Ref": "AWS::AccountId"}}]
    }
    template = {
        "Parameters": {"Word": {"Type": "String", "Default": "x"}},
        "Conditions": {"Always": {"Fn::Equals": ["a", "a"]}},
        "Resources": {
            "Other": TOPIC,
            "Topic": {**TOPIC, "Condition": "Always", "DependsOn": ["Other"], "Properties": {"DisplayName": name}},
        },
        "Outputs": {"Out": {"Condition": "Always", "Value": {"Ref": "Topic"}}},
    }
    client("cloudformation").validate_template(TemplateBody=json.dumps(template))


def test_inline_template_is_limited_to_51200_bytes(client: Callable[..., Any]) -> None:
    """The emulator's own rule, which environments rely on."""
    body = json.dumps({"Resources": {"Topic": {**TOPIC, "Metadata": {"filler": "x" * 51_200}}}})
    cloudformation = client("cloudformation")
    refused("ValidationError", cloudformation.validate_template, TemplateBody=body)
    refused("ValidationError", cloudformation.create_stack, StackName=unique("stack"), TemplateBody=body)
