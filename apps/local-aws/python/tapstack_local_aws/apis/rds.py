"""RDS instances: log exports, Performance Insights' key and a master password that RDS keeps in a secret."""

from __future__ import annotations

import json
import secrets
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import kms, rds, secretsmanager

Parameters = dict[str, Any]
Record = dict[str, Any]

_ROTATION_DAYS = 7  # what RDS rotates by unless told otherwise


def install() -> None:
    """Amend creating, changing, showing and deleting instances."""
    for action in ("CreateDBInstance", "ModifyDBInstance"):
        rds._ACTION_MAP[action] = _remembering(action)
    rds._ACTION_MAP["DeleteDBInstance"] = _forgetting()
    render = rds._instance_xml
    rds._instance_xml = lambda instance: _shown(render(instance), instance)


def delete_managed_secret(instance: Record) -> None:
    """Delete the secret that RDS made for an instance; it goes with the instance, without a recovery window."""
    if secret := instance.get("MasterUserSecret"):
        secretsmanager.delete_secret_in_process(secret["SecretArn"])


def _remembering(action: str) -> Any:
    original = rds._ACTION_MAP[action]

    def amended(parameters: Parameters) -> Any:
        if _text(parameters, "ManageMasterUserPassword") == "true" and _text(parameters, "MasterUserPassword"):
            return rds._error(
                "InvalidParameterCombination",
                "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
                400,
            )
        answer = original(parameters)
        if answer[0] != 200:
            return answer
        instance = rds._resolve_instance(_text(parameters, "DBInstanceIdentifier"))
        _remember(instance, parameters)
        return rds._single_instance_response(f"{action}Response", f"{action}Result", instance)

    return amended


def _remember(instance: Record, parameters: Parameters) -> None:
    exports = set(instance.get("EnabledCloudwatchLogsExports") or [])
    exports |= set(rds._parse_member_list(parameters, "EnableCloudwatchLogsExports"))
    exports |= set(rds._parse_member_list(parameters, "CloudwatchLogsExportConfiguration.EnableLogTypes"))
    exports -= set(rds._parse_member_list(parameters, "CloudwatchLogsExportConfiguration.DisableLogTypes"))
    instance["EnabledCloudwatchLogsExports"] = sorted(exports)
    if enabled := _text(parameters, "EnablePerformanceInsights"):
        instance["PerformanceInsightsEnabled"] = enabled == "true"
    if key := _text(parameters, "PerformanceInsightsKMSKeyId"):
        instance["PerformanceInsightsKMSKeyId"] = _key_arn(key)
    if managed := _text(parameters, "ManageMasterUserPassword"):
        if managed == "true" and not instance.get("MasterUserSecret"):
            instance["MasterUserSecret"] = _make_secret(instance, _text(parameters, "MasterUserSecretKmsKeyId"))
        elif managed == "false":
            delete_managed_secret(instance)
            instance.pop("MasterUserSecret", None)


def _make_secret(instance: Record, key: str) -> Record:
    password = secrets.token_urlsafe(24)
    instance["_MasterUserPassword"] = password
    arn = secretsmanager.create_secret_in_process(
        f"rds!db-{new_uuid()}",
        json.dumps({"username": instance["MasterUsername"], "password": password}),
        description=f"Secret associated with primary RDS DB instance: {instance['DBInstanceArn']}",
    )
    key_arn = _key_arn(key) if key else f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/secretsmanager"
    _, secret = secretsmanager._resolve(arn)
    secret["KmsKeyId"] = key_arn
    secret["RotationEnabled"] = True
    secret["RotationRules"] = {"AutomaticallyAfterDays": _ROTATION_DAYS}
    secret["Tags"] = [
        {"Key": "aws:rds:primaryDBInstanceArn", "Value": instance["DBInstanceArn"]},
        {"Key": "aws:secretsmanager:owningService", "Value": "rds"},
    ]
    return {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key_arn}


def _forgetting() -> Any:
    original = rds._ACTION_MAP["DeleteDBInstance"]

    def amended(parameters: Parameters) -> Any:
        instance = rds._resolve_instance(_text(parameters, "DBInstanceIdentifier"))
        answer = original(parameters)
        if answer[0] == 200 and instance:
            delete_managed_secret(instance)
        return answer

    return amended


def _shown(rendered: str, instance: Record) -> str:
    """Put what was remembered into ministack's rendering of an instance."""
    exports = "".join(f"<member>{escape(log)}</member>" for log in instance.get("EnabledCloudwatchLogsExports") or [])
    more = f"<EnabledCloudwatchLogsExports>{exports}</EnabledCloudwatchLogsExports>"
    if key := instance.get("PerformanceInsightsKMSKeyId"):
        more += f"<PerformanceInsightsKMSKeyId>{escape(key)}</PerformanceInsightsKMSKeyId>"
    if secret := instance.get("MasterUserSecret"):
        members = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in secret.items())
        more += f"<MasterUserSecret>{members}</MasterUserSecret>"
    return rendered.replace("<EnabledCloudwatchLogsExports/>", more)


def _key_arn(key: str) -> str:
    record = kms._resolve_key(key)
    return record["Arn"] if record else key


def _text(parameters: Parameters, name: str) -> str:
    return str(rds._p(parameters, name))
