"""Policies that AWS refuses to store: unknown principals, and a key policy that locks its author out."""

from typing import Any

from ministack.core.iam_evaluator import EvalContext, caller_arn, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region

from .gate import Planned, Props, on_call, on_create, on_update
from .principals import invalid
from .refusal import Refusal, Rule
from .requests import Request

RULES = (
    Rule(
        "key-policy-lockout",
        "a key policy must let its author change it later, unless the check is bypassed",
        "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    ),
    Rule(
        "policy-principal",
        "policies of keys, buckets, topics, queues and roles name only principals that exist",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.core.iam_evaluator", "EvalContext"),
    ("ministack.core.iam_evaluator", "caller_arn"),
    ("ministack.core.iam_evaluator", "evaluate_resource_policy"),
]


@on_call("kms", "CreateKey", "PutKeyPolicy")
def _key_called(request: Request) -> None:
    _check_key(request.params.get("Policy"), bool(request.params.get("BypassPolicyLockoutSafetyCheck")))


@on_create("kms", "AWS::KMS::Key")
def _key_created(planned: Planned) -> None:
    _check_key(planned.props.get("KeyPolicy"), _bypassed(planned.props))


@on_update("kms", "AWS::KMS::Key")
def _key_updated(_: str, old: Props, new: Props) -> None:
    if new.get("KeyPolicy") != old.get("KeyPolicy"):
        _check_key(new.get("KeyPolicy"), _bypassed(new))


@on_call("s3", "PutBucketPolicy")
def _bucket_called(request: Request) -> None:
    _check_bucket(request.body.decode("utf-8", "replace"))


@on_create("s3", "AWS::S3::BucketPolicy")
def _bucket_created(planned: Planned) -> None:
    _check_bucket(planned.props.get("PolicyDocument"))


@on_update("s3", "AWS::S3::BucketPolicy")
def _bucket_updated(_: str, old: Props, new: Props) -> None:
    _check_bucket(new.get("PolicyDocument"))


@on_call("sns", "SetTopicAttributes")
def _topic_called(request: Request) -> None:
    if request.params.get("AttributeName") == "Policy":
        _check_topic(request.params.get("AttributeValue"))


@on_create("sns", "AWS::SNS::TopicPolicy")
def _topic_created(planned: Planned) -> None:
    _check_topic(planned.props.get("PolicyDocument"))


@on_update("sns", "AWS::SNS::TopicPolicy")
def _topic_updated(_: str, old: Props, new: Props) -> None:
    _check_topic(new.get("PolicyDocument"))


@on_create("sqs", "AWS::SQS::QueuePolicy")
def _queue_created(planned: Planned) -> None:
    _check_queue(planned.props.get("PolicyDocument"))


@on_update("sqs", "AWS::SQS::QueuePolicy")
def _queue_updated(_: str, old: Props, new: Props) -> None:
    _check_queue(new.get("PolicyDocument"))


@on_call("iam", "CreateRole")
def _role_called(request: Request) -> None:
    _check_trust(request.params.get("AssumeRolePolicyDocument"))


@on_call("iam", "UpdateAssumeRolePolicy")
def _trust_called(request: Request) -> None:
    _check_trust(request.params.get("PolicyDocument"))


@on_create("iam", "AWS::IAM::Role")
def _role_created(planned: Planned) -> None:
    _check_trust(planned.props.get("AssumeRolePolicyDocument"))


@on_update("iam", "AWS::IAM::Role")
def _role_updated(_: str, old: Props, new: Props) -> None:
    if new.get("AssumeRolePolicyDocument") != old.get("AssumeRolePolicyDocument"):
        _check_trust(new.get("AssumeRolePolicyDocument"))


def _check_key(policy: str | dict[str, Any] | None, bypass: bool) -> None:
    if not policy:
        return
    if invalid(policy):
        message = "Policy contains a statement with one or more invalid principals."
        raise Refusal("MalformedPolicyDocumentException", message)
    author = EvalContext(
        principal_arn=caller_arn(),
        principal_type="Root",
        principal_account=get_account_id(),
        action="kms:PutKeyPolicy",
        resource_arn=f"arn:aws:kms:{get_region()}:{get_account_id()}:key/new",
        region=get_region(),
    )
    if not bypass and evaluate_resource_policy(policy, author).decision != "Allow":
        message = "The new key policy will not allow you to update the key policy in the future."
        raise Refusal("MalformedPolicyDocumentException", message)


def _bypassed(props: Props) -> bool:
    return str(props.get("BypassPolicyLockoutSafetyCheck", "")).lower() == "true"


def _check_bucket(policy: str | dict[str, Any] | None) -> None:
    if invalid(policy):
        raise Refusal("MalformedPolicy", "Invalid principal in policy")


def _check_topic(policy: str | dict[str, Any] | None) -> None:
    if invalid(policy):
        raise Refusal("InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound")


def _check_queue(policy: str | dict[str, Any] | None) -> None:
    if invalid(policy):
        raise Refusal("InvalidAttributeValue", "Invalid value for the parameter Policy.")


def _check_trust(policy: str | dict[str, Any] | None) -> None:
    if wrong := invalid(policy):
        raise Refusal("MalformedPolicyDocument", f"Invalid principal in policy: {wrong[0]}")
