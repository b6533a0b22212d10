"""Load balancers with their attributes, listeners, and target groups with their targets."""

from __future__ import annotations

from ...clients import client
from . import Properties, reader


@reader(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "LoadBalancerAttributes",
    "Scheme",
    "SecurityGroups",
    "Subnets",
    "Type",
    open_lists=("LoadBalancerAttributes",),
)
def load_balancer(physical_id: str, properties: Properties) -> Properties:
    """Read where a load balancer is, and its attributes."""
    balancing = client("elbv2")
    described = balancing.describe_load_balancers(LoadBalancerArns=[physical_id])["LoadBalancers"][0]
    attributes = balancing.describe_load_balancer_attributes(LoadBalancerArn=physical_id)["Attributes"]
    return {
        "LoadBalancerAttributes": attributes,
        "Scheme": described["Scheme"],
        "SecurityGroups": described["SecurityGroups"],
        "Subnets": [zone["SubnetId"] for zone in described["AvailabilityZones"]],
        "Type": described["Type"],
    }


@reader(
    "AWS::ElasticLoadBalancingV2::Listener",
    "Certificates",
    "DefaultActions",
    "LoadBalancerArn",
    "Port",
    "Protocol",
    "SslPolicy",
)
def listener(physical_id: str, properties: Properties) -> Properties:
    """Read what a listener speaks, and what it does with requests."""
    described = client("elbv2").describe_listeners(ListenerArns=[physical_id])["Listeners"][0]
    actions = [
        {name: value for name, value in action.items() if name in asked}
        for action, asked in zip(described["DefaultActions"], properties.get("DefaultActions", []), strict=True)
    ]
    return {**described, "DefaultActions": actions}


@reader(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "HealthCheckPath",
    "HealthCheckProtocol",
    "Port",
    "Protocol",
    "Targets",
    "TargetType",
    "VpcId",
)
def target_group(physical_id: str, properties: Properties) -> Properties:
    """Read a target group and who is in it."""
    balancing = client("elbv2")
    described = balancing.describe_target_groups(TargetGroupArns=[physical_id])["TargetGroups"][0]
    health = balancing.describe_target_health(TargetGroupArn=physical_id)["TargetHealthDescriptions"]
    with_port = {target["Id"] for target in properties.get("Targets", []) if "Port" in target}
    targets = [
        {name: value for name, value in each["Target"].items() if name == "Id" or each["Target"]["Id"] in with_port}
        for each in health
    ]
    return {**described, "Targets": targets}
