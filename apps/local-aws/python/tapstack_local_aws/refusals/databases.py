"""RDS: subnet groups that span zones, engine versions that can be ordered, and databases that may be deleted."""

from .gate import Planned, Props, on_call, on_create, on_delete, on_update
from .refusal import Refusal, Rule
from .requests import Request, listed

RULES = (
    Rule(
        "db-subnet-group-zones",
        "a DB subnet group covers at least two availability zones (DBSubnetGroupDoesNotCoverEnoughAZs)",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
    Rule(
        "mysql-version",
        "a MySQL patch version that AWS has withdrawn cannot be ordered (InvalidParameterCombination)",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html",
    ),
    Rule(
        "db-deletion-protection",
        "a stack deletes no database that is protected, and takes no last snapshot of it (the API refuses by itself)",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.ec2", "_subnets"),
    ("ministack.services.rds", "_instances"),
]

# The lowest patch of each line that can still be ordered. It only ever rises: pin the line, not the patch.
_LOWEST_PATCH = {"5.7": 44, "8.0": 40, "8.4": 3}


@on_call("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup")
def _group_called(request: Request) -> None:
    _check_zones(listed(request.params, "SubnetIds"))


@on_create("rds", "AWS::RDS::DBSubnetGroup")
def _group_created(planned: Planned) -> None:
    _check_zones(planned.props.get("SubnetIds") or [])


@on_update("rds", "AWS::RDS::DBSubnetGroup")
def _group_updated(_: str, old: Props, new: Props) -> None:
    _check_zones(new.get("SubnetIds") or [])


@on_call("rds", "CreateDBInstance")
def _instance_called(request: Request) -> None:
    _check_version(request.params.get("Engine"), request.params.get("EngineVersion"))


@on_call("rds", "ModifyDBInstance")
def _instance_modified(request: Request) -> None:
    from ministack.services import rds

    instance = rds._instances.get(request.params.get("DBInstanceIdentifier", "")) or {}
    _check_version(instance.get("Engine"), request.params.get("EngineVersion"))


@on_create("rds", "AWS::RDS::DBInstance")
def _instance_created(planned: Planned) -> None:
    _check_version(planned.props.get("Engine"), planned.props.get("EngineVersion"))


@on_update("rds", "AWS::RDS::DBInstance")
def _instance_updated(_: str, old: Props, new: Props) -> None:
    if new.get("EngineVersion") != old.get("EngineVersion"):
        _check_version(new.get("Engine"), new.get("EngineVersion"))


@on_delete("rds", "AWS::RDS::DBInstance")
def _instance_deleted(identifier: str, _: Props) -> None:
    from ministack.services import rds

    if (rds._instances.get(identifier) or {}).get("DeletionProtection"):
        raise Refusal(
            "InvalidParameterCombination",
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
        )


def _check_zones(subnets: list[str]) -> None:
    from ministack.services import ec2

    # The emulator refuses subnets that do not exist by itself.
    zones = sorted({ec2._subnets[subnet]["AvailabilityZone"] for subnet in subnets if subnet in ec2._subnets})
    if len(zones) == 1:
        raise Refusal(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(zones)}. Add subnets to cover at least 2 AZs.",
        )


def _check_version(engine: str | None, version: str | None) -> None:
    if engine != "mysql" or not version:
        return
    line, _, patch = str(version).rpartition(".")
    if line.count(".") == 0:
        line, patch = str(version), ""
    lowest = _LOWEST_PATCH.get(line)
    if lowest is None or (patch and (not patch.isdigit() or int(patch) < lowest)):
        raise Refusal("InvalidParameterCombination", f"Cannot find version {version} for mysql")
