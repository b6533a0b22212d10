"""Flow logs with their role, their log group and their format."""

from __future__ import annotations

from ministack.services import ec2

from .ec2_actions import Element, Parameters, amend, items, numbered, put, text

_DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
    "${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
_FILE_OPTIONS = ("FileFormat", "HiveCompatiblePartitions", "PerHourPartition")
_DEFAULT_INTERVAL_SECONDS = 600


def install() -> None:
    """Amend creating and describing flow logs."""
    amend("CreateFlowLogs", _after_create)
    amend("DescribeFlowLogs", _show)


def _after_create(parameters: Parameters, root: Element) -> None:
    tags = [
        {"Key": text(parameters, f"{tag}.Key"), "Value": text(parameters, f"{tag}.Value")}
        for specification in numbered(parameters, "TagSpecification")
        if text(parameters, f"{specification}.ResourceType") == "vpc-flow-log"
        for tag in numbered(parameters, f"{specification}.Tag")
    ]
    for element in root.iter("item"):
        record = ec2._flow_logs.get(element.text or "")
        if record is None:
            continue
        record["LogGroupName"] = text(parameters, "LogGroupName")
        record["LogDestination"] = text(parameters, "LogDestination")
        record["DeliverLogsPermissionArn"] = text(parameters, "DeliverLogsPermissionArn")
        record["LogFormat"] = text(parameters, "LogFormat") or _DEFAULT_FORMAT
        record["DestinationOptions"] = {
            name[0].lower() + name[1:]: text(parameters, f"DestinationOptions.{name}")
            for name in _FILE_OPTIONS
            if text(parameters, f"DestinationOptions.{name}")
        }
        record["MaxAggregationInterval"] = int(text(parameters, "MaxAggregationInterval") or _DEFAULT_INTERVAL_SECONDS)
        if tags:
            ec2._tags[record["FlowLogId"]] = tags


def _show(parameters: Parameters, root: Element) -> None:
    for identifier, element in items(root, "flowLogId"):
        record = ec2._flow_logs.get(identifier, {})
        for tag, field in (
            ("logGroupName", "LogGroupName"),
            ("logDestination", "LogDestination"),
            ("deliverLogsPermissionArn", "DeliverLogsPermissionArn"),
            ("logFormat", "LogFormat"),
            ("maxAggregationInterval", "MaxAggregationInterval"),
            ("destinationOptions", "DestinationOptions"),
        ):
            if record.get(field):
                put(element, tag, record[field])
