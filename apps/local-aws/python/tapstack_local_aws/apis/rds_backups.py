"""RDS automated backups: which instances have them, and which were kept when their instance was deleted."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import rds

Parameters = dict[str, Any]
Record = dict[str, Any]

# Backups outlive their instance: by the ARN of the backup.
_retained = AccountRegionScopedDict()


def install() -> None:
    """Amend deleting instances, and let the server answer for backups."""
    rds._ACTION_MAP["DeleteDBInstance"] = _keeping_backups(rds._ACTION_MAP["DeleteDBInstance"])
    rds._ACTION_MAP["DescribeDBInstanceAutomatedBackups"] = _describe
    rds._ACTION_MAP["DeleteDBInstanceAutomatedBackup"] = _delete


def _keeping_backups(original: Any) -> Any:
    def amended(parameters: Parameters) -> Any:
        instance = rds._resolve_instance(_text(parameters, "DBInstanceIdentifier"))
        backup = _backup(instance, "retained") if instance else None
        answer = original(parameters)
        if answer[0] == 200 and backup and _text(parameters, "DeleteAutomatedBackups") == "false":
            _retained[backup["DBInstanceAutomatedBackupsArn"]] = backup
        return answer

    return amended


def _describe(parameters: Parameters) -> Any:
    active = [backup for instance in rds._instances.values() if (backup := _backup(instance, "active"))]
    wanted = _text(parameters, "DBInstanceIdentifier")
    shown = "".join(
        _shown(backup) for backup in [*active, *_retained.values()] if wanted in ("", backup["DBInstanceIdentifier"])
    )
    return rds._xml(
        200,
        "DescribeDBInstanceAutomatedBackupsResponse",
        "<DescribeDBInstanceAutomatedBackupsResult>"
        f"<DBInstanceAutomatedBackups>{shown}</DBInstanceAutomatedBackups>"
        "</DescribeDBInstanceAutomatedBackupsResult>",
    )


def _delete(parameters: Parameters) -> Any:
    wanted = {_text(parameters, name) for name in ("DbiResourceId", "DBInstanceAutomatedBackupsArn")} - {""}
    for arn, backup in list(_retained.items()):
        if wanted & {arn, backup["DbiResourceId"]}:
            del _retained[arn]
            action = "DeleteDBInstanceAutomatedBackup"
            return rds._xml(200, f"{action}Response", f"<{action}Result>{_shown(backup)}</{action}Result>")
    return rds._error("DBInstanceAutomatedBackupNotFound", "The specified automated backup was not found.", 404)


def _backup(instance: Record, status: str) -> Record | None:
    if not int(instance.get("BackupRetentionPeriod") or 0):
        return None
    resource = instance["DbiResourceId"]
    arn = f"arn:aws:rds:{get_region()}:{get_account_id()}:auto-backup:ab-{resource.removeprefix('db-').lower()}"
    return {
        "DBInstanceArn": instance["DBInstanceArn"],
        "DBInstanceAutomatedBackupsArn": arn,
        "DBInstanceIdentifier": instance["DBInstanceIdentifier"],
        "DbiResourceId": resource,
        "Status": status,
    }


def _shown(backup: Record) -> str:
    members = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in backup.items())
    return f"<DBInstanceAutomatedBackup>{members}</DBInstanceAutomatedBackup>"


def _text(parameters: Parameters, name: str) -> str:
    return str(rds._p(parameters, name))
