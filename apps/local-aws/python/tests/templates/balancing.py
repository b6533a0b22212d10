"""A load balancer that speaks TLS, writes logs, and has an instance and a group behind it."""

from __future__ import annotations

from typing import Any

from .fleet import RESOURCES as FLEET
from .parts import ACCOUNT, allow, get, policy, ref, resource
from .workload import RESOURCES as WORKLOAD


def _group() -> dict[str, Any]:
    group = FLEET["Group"]
    return group | {"Properties": group["Properties"] | {"TargetGroupARNs": [ref("Scaling")]}}


def _attribute(key: str, value: Any) -> dict[str, Any]:
    return {"Key": key, "Value": value}


_HTTPS = {"Port": 443, "Protocol": "HTTPS", "VpcId": ref("Vpc"), "HealthCheckProtocol": "HTTPS"}

RESOURCES: dict[str, Any] = {
    **FLEET,
    "Group": _group(),
    "Logs": resource("S3::Bucket"),
    "LogsPolicy": resource(
        "S3::BucketPolicy",
        Bucket=ref("Logs"),
        PolicyDocument=policy(
            allow(
                "s3:PutObject",
                {"Fn::Join": ["", [get("Logs", "Arn"), "/AWSLogs/", ACCOUNT, "/*"]]},
                Principal={"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            )
        ),
    ),
    "Certificate": resource("CertificateManager::Certificate", DomainName="shop.example", ValidationMethod="DNS"),
    "Door": resource("EC2::SecurityGroup", GroupDescription="door", VpcId=ref("Vpc")),
    "Balancer": resource(
        "ElasticLoadBalancingV2::LoadBalancer",
        Type="application",
        Scheme="internal",
        Subnets=[ref("First"), ref("Second")],
        SecurityGroups=[get("Door", "GroupId")],
        LoadBalancerAttributes=[
            _attribute("deletion_protection.enabled", "false"),
            _attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
            _attribute("access_logs.s3.enabled", "true"),
            _attribute("access_logs.s3.bucket", ref("Logs")),
        ],
        _after="LogsPolicy",
    ),
    "Member": resource(
        "EC2::Instance",
        ImageId=WORKLOAD["Instance"]["Properties"]["ImageId"],
        InstanceType="t3.micro",
        SubnetId=ref("First"),
    ),
    "Fixed": resource(
        "ElasticLoadBalancingV2::TargetGroup",
        **_HTTPS,
        HealthCheckPath="/health",
        TargetType="instance",
        Targets=[{"Id": ref("Member")}],
    ),
    "Scaling": resource("ElasticLoadBalancingV2::TargetGroup", **_HTTPS, HealthCheckPath="/", TargetType="instance"),
    "Https": resource(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn=ref("Balancer"),
        Port=443,
        Protocol="HTTPS",
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": ref("Certificate")}],
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Scaling")}],
    ),
}
