"""A function in a VPC reaches AWS by a default route that is not an internet gateway's, or by endpoints; else it waits.

A function has no public address. Without a way out its calls are never answered, as nobody answers here: they time out,
the function fails, and its event goes where failed events go. Security groups and network ACLs are not looked at.
"""

import functools
import logging
import os
import socket
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import ec2

from ..refusals import seam
from ..refusals.refusal import Rule

logger = logging.getLogger(__name__)

RULES = (
    Rule(
        "function-way-out",
        "a function in a VPC reaches a service only by a NAT gateway or an endpoint; its other calls time out",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.lambda_svc", "acquire_worker"),
    ("ministack.core.lambda_runtime", "invalidate_worker"),
    *(("ministack.services.ec2", name) for name in ("_nat_gateways", "_route_tables", "_subnets", "_vpc_endpoints")),
]

# How the SDKs call the services whose endpoints are called otherwise.
_SDK_NAMES = {"events": "EVENTBRIDGE", "logs": "CLOUDWATCH_LOGS", "monitoring": "CLOUDWATCH", "states": "SFN"}
_ANYWHERE = "0.0.0.0/0"

# The network of each function as its workers have been started in it.
_started_with: dict[str, dict[str, str]] = {}


def install() -> None:
    """Start every function in its network."""
    seam.around("ministack.services.lambda_svc", "acquire_worker", _placed)


def _placed(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def acquire_worker(name: str, config: dict[str, Any], *rest: Any, **named: Any) -> Any:
        network = _network(config)
        arn = config.get("FunctionArn", name)
        if _started_with.get(arn, {}) != network:
            lambda_runtime.invalidate_worker(name)
            _started_with[arn] = network
        if network:
            logger.warning("function %s: no way out of its subnets but to %s", name, sorted(network)[1:] or "nothing")
            variables = (config.get("Environment") or {}).get("Variables") or {}
            config = {**config, "Environment": {"Variables": {**variables, **network}}}
        return original(name, config, *rest, **named)

    return acquire_worker


def _network(config: dict[str, Any]) -> dict[str, str]:
    """Return what a function's environment says about its network: nothing where it reaches everything."""
    vpc = config.get("VpcConfig") or {}
    subnets = vpc.get("SubnetIds") or []
    # AWS runs the function in any of them, and so does whoever is unlucky
    if all(_leads_out(subnet) for subnet in subnets):
        return {}
    reachable = f"https://127.0.0.1:{os.environ['GATEWAY_PORT']}"
    services = {_SDK_NAMES.get(service, service.upper()) for service in _endpoints(subnets)}
    return {"AWS_ENDPOINT_URL": _silence(), **{f"AWS_ENDPOINT_URL_{service}": reachable for service in services}}


def _leads_out(subnet: str) -> bool:
    return any(
        route.get("DestinationCidrBlock") == _ANYWHERE
        and not str(route.get("GatewayId", "")).startswith("igw-")
        and _is_there(route.get("NatGatewayId"))
        for route in _table_of(subnet).get("Routes", [])
    )


def _is_there(gateway: str | None) -> bool:
    """Another kind of target is somebody else's business."""
    return gateway is None or (ec2._nat_gateways.get(gateway) or {}).get("State") == "available"


def _table_of(subnet: str) -> dict[str, Any]:
    vpc = (ec2._subnets.get(subnet) or {}).get("VpcId")
    tables = [table for table in ec2._route_tables.values() if table["VpcId"] == vpc]
    own = [table for table in tables if any(each.get("SubnetId") == subnet for each in table["Associations"])]
    main = [table for table in tables if any(each.get("Main") for each in table["Associations"])]
    return (own or main or [{}])[0]


def _endpoints(subnets: list[str]) -> set[str]:
    """Return the services that every one of the subnets reaches by an endpoint."""
    vpcs = {(ec2._subnets.get(subnet) or {}).get("VpcId") for subnet in subnets}
    tables = {_table_of(subnet).get("RouteTableId") for subnet in subnets}
    return {
        endpoint["ServiceName"].rpartition(".")[2]
        for endpoint in ec2._vpc_endpoints.values()
        if endpoint["VpcId"] in vpcs
        and (endpoint.get("PrivateDnsEnabled") or tables <= set(endpoint.get("RouteTableIds") or []))
    }


@functools.cache
def _silence() -> str:
    """Return an address that takes connections and never answers them."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    _listening.append(listener)
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


# Kept for as long as the server runs: a listener that nobody holds is closed.
_listening: list[socket.socket] = []
