"""What ministack's own APIs take but forget, added to its records and to its answers.

CloudFormation can only apply a property that the service's API can hold. Where ministack's API drops a parameter, the
smallest possible amendment remembers it in ministack's own record of the resource (so that reset, account and region
scoping keep working) and shows it where AWS shows it.
"""

from __future__ import annotations

from . import (
    access_analyzer,
    cloudtrail,
    cloudwatch_alarms,
    cloudwatch_dashboards,
    config,
    conformance_packs,
    ec2_attributes,
    ec2_connect_endpoints,
    ec2_endpoints,
    ec2_filters,
    ec2_flow_logs,
    ec2_images,
    ec2_instances,
    ec2_launch_templates,
    ec2_nat,
    ec2_network_acls,
    ec2_security_groups,
    ec2_volumes,
    ec2_vpc_ranges,
    guardduty,
    inspector,
    rds,
    rds_backups,
    rds_event_subscriptions,
    s3_metrics,
    secretsmanager,
    security_hub,
)

# The order counts where two modules amend one action, because the later one stands around the earlier one: an image is
# checked once the launch has taken what its template says, and filters look at answers that are complete.
_MODULES = (
    ec2_launch_templates,
    ec2_images,
    ec2_instances,
    ec2_volumes,
    ec2_attributes,
    ec2_nat,
    ec2_network_acls,
    ec2_security_groups,
    ec2_flow_logs,
    ec2_endpoints,
    ec2_connect_endpoints,
    ec2_vpc_ranges,
    ec2_filters,
    cloudtrail,
    cloudwatch_alarms,
    cloudwatch_dashboards,
    config,
    conformance_packs,
    s3_metrics,
    secretsmanager,
    rds,
    rds_backups,
    rds_event_subscriptions,
    guardduty,
    security_hub,
    access_analyzer,
    inspector,
)


def install() -> None:
    """Amend every API that needs it."""
    for module in _MODULES:
        module.install()
