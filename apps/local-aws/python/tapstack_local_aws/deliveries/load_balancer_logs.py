"""Logs of load balancers: Elastic Load Balancing writes a test object, and takes the attributes only if it may.

The rule stands where a stack makes or changes a load balancer.
"""

from ministack.core.responses import get_account_id

from ..refusals.gate import Planned, Props, on_create, on_update
from ..refusals.refusal import Refusal, Rule
from .principal import admits, enforced

RULES = (
    Rule(
        "load-balancer-log-bucket",
        "logs of a load balancer need a bucket without KMS that admits logdelivery.elasticloadbalancing.amazonaws.com",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.s3", name) for name in ("_bucket_default_sse_headers", "_bucket_policies", "_buckets")
]

_TEST_OBJECTS = {"access_logs": "ELBAccessLogTestFile", "connection_logs": "ConnectionLogTestFile"}


@on_create("elbv2", "AWS::ElasticLoadBalancingV2::LoadBalancer")
def _created(planned: Planned) -> None:
    _check(planned.props)


@on_update("elbv2", "AWS::ElasticLoadBalancingV2::LoadBalancer")
def _updated(_: str, old: Props, new: Props) -> None:
    _check(new)


def _check(properties: Props) -> None:
    attributes = {each["Key"]: str(each["Value"]) for each in properties.get("LoadBalancerAttributes", [])}
    for log, name in _TEST_OBJECTS.items():
        if enforced() and attributes.get(f"{log}.s3.enabled", "false").lower() == "true":
            prefix = attributes.get(f"{log}.s3.prefix", "")
            folder = f"{prefix}/" if prefix else ""
            _check_bucket(attributes.get(f"{log}.s3.bucket", ""), f"{folder}AWSLogs/{get_account_id()}/{name}")


def _check_bucket(bucket: str, key: str) -> None:
    from ministack.services import s3

    denied = Refusal(
        "InvalidConfigurationRequest", f"Access Denied for bucket: {bucket}. Please check S3bucket permission"
    )
    if bucket not in s3._buckets:
        raise denied
    if s3._bucket_default_sse_headers(bucket).get("x-amz-server-side-encryption", "").startswith("aws:kms"):
        raise denied
    principal = "logdelivery.elasticloadbalancing.amazonaws.com"
    if not admits(s3._bucket_policies.get(bucket), principal, "s3:PutObject", f"arn:aws:s3:::{bucket}/{key}", {}):
        raise denied
