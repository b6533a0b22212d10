"""Who may not use the key neither writes nor reads what it encrypts, whatever the resource allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from drills import Aws, Statement, archive, policy, refused, unique

# A function starts, fails and is given up within a second.
FAILED_AFTER_SECONDS = 1.5
WRITE, READ = ("kms:GenerateDataKey*", "kms:Decrypt"), ("kms:Decrypt",)


@pytest.fixture
def aws(client: Callable[..., Any]) -> Aws:
    return Aws(client)


def may(*actions: str, resource: str = "*") -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def user(aws: Aws, *statements: Statement) -> Callable[[str], Any]:
    """Make a user who may do this much; return what makes the user's clients."""
    iam, name = aws.client("iam"), unique("user")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="job", PolicyDocument=policy(*statements))
    pair = iam.create_access_key(UserName=name)["AccessKey"]
    credentials = {"AccessKeyId": pair["AccessKeyId"], "SecretAccessKey": pair["SecretAccessKey"]}
    return lambda service: aws.client(service, credentials=credentials)


def test_caller_key_topic(aws: Aws) -> None:
    key = aws.key()
    topic, queue = aws.watched(key=key)
    with_key, without = user(aws, may("sns:Publish"), may(*WRITE, resource=key)), user(aws, may("sns:Publish"))
    message = refused("KMSAccessDenied", without("sns").publish, TopicArn=topic, Message="drill")
    assert "is not authorized to perform: kms:GenerateDataKey on resource: " + key in message
    with_key("sns").publish(TopicArn=topic, Message="drill")
    assert aws.arrived(queue)


@pytest.mark.parametrize("state", ["missing", "disabled"])
def test_caller_key_topic_of_an_unusable_key(aws: Aws, state: str) -> None:
    if state == "missing":
        topic, code = aws.topic(key="11111111-2222-3333-4444-555555555555"), "KMSNotFound"
    else:
        topic, code = aws.topic(key=(key := aws.key())), "KMSDisabled"
        aws.client("kms").disable_key(KeyId=key)
    refused(code, aws.client("sns").publish, TopicArn=topic, Message="drill")


def test_caller_key_queue(aws: Aws) -> None:
    key = aws.key()
    queue = aws.queue(key=key)
    url = aws.client("sqs").get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    without, sender = user(aws, may("sqs:*")), user(aws, may("sqs:*"), may(*WRITE, resource=key))
    reader = user(aws, may("sqs:*"), may(*READ, resource=key))
    denied = "KmsAccessDenied"
    refused(denied, without("sqs").send_message, QueueUrl=url, MessageBody="drill")
    refused(denied, reader("sqs").send_message, QueueUrl=url, MessageBody="drill")
    sender("sqs").send_message(QueueUrl=url, MessageBody="drill")
    refused(denied, without("sqs").receive_message, QueueUrl=url)
    assert reader("sqs").receive_message(QueueUrl=url)["Messages"]


def test_caller_key_object(aws: Aws) -> None:
    key, bucket = aws.key(), aws.bucket()
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    aws.client("s3").put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{**default, "BucketKeyEnabled": True}]}
    )
    s3_all = may("s3:*")
    without, writer = user(aws, s3_all), user(aws, s3_all, may("kms:GenerateDataKey*", resource=key))
    reader = user(aws, s3_all, may(*READ, resource=key))
    refused("AccessDenied", without("s3").put_object, Bucket=bucket, Key="a", Body=b"drill")
    refused("AccessDenied", reader("s3").put_object, Bucket=bucket, Key="a", Body=b"drill")
    writer("s3").put_object(Bucket=bucket, Key="a", Body=b"drill")
    refused("AccessDenied", writer("s3").get_object, Bucket=bucket, Key="a")
    assert reader("s3").get_object(Bucket=bucket, Key="a")["Body"].read() == b"drill"


def test_caller_key_object_of_a_bucket_without_key(aws: Aws) -> None:
    bucket = aws.bucket()
    someone = user(aws, may("s3:*"))("s3")
    someone.put_object(Bucket=bucket, Key="a", Body=b"drill")
    assert someone.get_object(Bucket=bucket, Key="a")["Body"].read() == b"drill"


def test_caller_key_secret(aws: Aws) -> None:
    key, name = aws.key(), unique("secret")
    aws.client("secretsmanager").create_secret(Name=name, SecretString="drill", KmsKeyId=key)
    without, reader = user(aws, may("secretsmanager:*")), user(aws, may("secretsmanager:*"), may(*READ, resource=key))
    message = refused("AccessDeniedException", without("secretsmanager").get_secret_value, SecretId=name)
    assert message == "Access to KMS is not allowed"
    assert reader("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == "drill"


def launch(client: Any, key: str) -> str:
    volume = {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": key}}
    found = client.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, BlockDeviceMappings=[volume])
    client.terminate_instances(InstanceIds=[(instance := found["Instances"][0]["InstanceId"])])
    return str(instance)


def test_volume_key(aws: Aws) -> None:
    key = aws.key()
    use = ("kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey", "kms:Decrypt")
    able, without = user(aws, may("ec2:*"), may(*use, resource=key)), user(aws, may("ec2:*"))
    assert "kms:CreateGrant" in refused("Client.InternalError", launch, client=without("ec2"), key=key)
    assert launch(able("ec2"), key)
    assert launch(aws.client("ec2"), key)
    aws.client("kms").disable_key(KeyId=key)
    refused("Client.InvalidKMSKey.InvalidState", launch, client=aws.client("ec2"), key=key)


def test_volume_key_that_serves_ec2_only(aws: Aws) -> None:
    """A key policy may admit the account through EC2 alone."""
    root = {"AWS": "arn:aws:iam::000000000000:root"}
    manage = {"Effect": "Allow", "Principal": root, "Action": ["kms:Put*", "kms:Describe*"], "Resource": "*"}
    through = {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}}
    through_ec2 = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*", "Condition": through}
    kms = aws.client("kms")
    serving = kms.create_key(Policy=policy(manage, through_ec2))["KeyMetadata"]["Arn"]
    silent = kms.create_key(Policy=policy(manage))["KeyMetadata"]["Arn"]
    assert launch(aws.client("ec2"), serving)
    refused("Client.InternalError", launch, client=aws.client("ec2"), key=silent)


def make_function(aws: Aws, role: str, **more: Any) -> str:
    return str(
        aws.client("lambda").create_function(
            FunctionName=unique("function"),
            Runtime="python3.12",
            Handler="index.handler",
            Role=role,
            Code={"ZipFile": archive("def handler(event, context):\n    raise ValueError('drill')\n")},
            Timeout=20,
            **more,
        )["FunctionArn"]
    )


def test_function_role(aws: Aws) -> None:
    message = refused("InvalidParameterValueException", make_function, aws=aws, role=aws.role("ec2.amazonaws.com"))
    assert message == "The role defined for the function cannot be assumed by Lambda."
    make_function(aws, aws.role("lambda.amazonaws.com"))


def test_function_vpc_role(aws: Aws) -> None:
    subnets = aws.client("ec2").describe_subnets()["Subnets"]
    inside = {"SubnetIds": [subnets[0]["SubnetId"]], "SecurityGroupIds": []}
    message = refused(
        "InvalidParameterValueException",
        make_function,
        aws=aws,
        role=aws.role("lambda.amazonaws.com"),
        VpcConfig=inside,
    )
    assert message.endswith("does not have permissions to call CreateNetworkInterface on EC2")
    role = aws.role("lambda.amazonaws.com")
    attached = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    aws.client("iam").attach_role_policy(RoleName=role.rpartition("/")[2], PolicyArn=attached)
    make_function(aws, role, VpcConfig=inside)


def test_function_dead_letter_role(aws: Aws) -> None:
    queue = aws.queue()
    target = {"TargetArn": queue}
    message = refused(
        "InvalidParameterValueException",
        make_function,
        aws=aws,
        role=aws.role("lambda.amazonaws.com"),
        DeadLetterConfig=target,
    )
    assert message.endswith("does not have permissions to call SendMessage on SQS")

    role = aws.role("lambda.amazonaws.com", may("sqs:SendMessage", resource=queue))
    function = make_function(aws, role, DeadLetterConfig=target)
    aws.client("lambda").put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)
    aws.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert aws.arrived(queue)

    # The canary: the permission is taken away after the function was accepted.
    aws.client("iam").delete_role_policy(RoleName=role.rpartition("/")[2], PolicyName="job")
    aws.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert aws.vanished(queue, after=FAILED_AFTER_SECONDS)


def test_function_dead_letter_role_needs_the_key(aws: Aws) -> None:
    key = aws.key()
    queue = aws.queue(key=key)
    send = may("sqs:SendMessage", resource=queue)
    role = aws.role("lambda.amazonaws.com", send)
    function = make_function(aws, role, DeadLetterConfig={"TargetArn": queue})
    aws.client("lambda").put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0)
    aws.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert aws.vanished(queue, after=FAILED_AFTER_SECONDS)

    aws.client("iam").put_role_policy(
        RoleName=role.rpartition("/")[2], PolicyName="job", PolicyDocument=policy(send, may(*WRITE, resource=key))
    )
    aws.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert aws.arrived(queue)
