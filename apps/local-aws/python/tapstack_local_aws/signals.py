"""What the instances of a group tell CloudFormation: it waits for their signals, and fails without them, as AWS does.

No machine runs. What one would say after its first boot is read from its user data: nothing, unless it calls
`cfn-signal` for the group; that it failed, if a line of it is `false` or `exit` with a number that is not 0; else that
it works. What it signs with `--role` counts only if that is the role of the instance, and may signal. Others may
signal, too, with `SignalResource`.
"""

from __future__ import annotations

import base64
import email
import math
import re
from dataclasses import dataclass
from typing import Any

from ministack.services import ec2, iam
from ministack.services.cloudformation import provisioners, stacks, wait_conditions

from .deliveries import roles
from .deliveries.principal import enforced
from .provisioning import Properties, Request
from .refusals import seam

GROUP = "AWS::AutoScaling::AutoScalingGroup"

_FAILS = re.compile(r"^\s*(?:false|exit\s+[1-9]\d*)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class RollingUpdate:
    """How `UpdatePolicy` renews the instances of a group."""

    batch: int
    waits: bool
    within_seconds: int
    percent: int


def install() -> None:
    """Have CloudFormation send a group back whose update failed: by then it launches what it was updated to."""
    seam.around("ministack.services.cloudformation.stacks", "_sends_back_failed_update", _groups_too)


def _groups_too(original: Any) -> Any:
    def _sends_back_failed_update(resource_type: str) -> bool:
        return resource_type == GROUP or bool(original(resource_type))

    return _sends_back_failed_update


def rolling_update(asked: Request) -> RollingUpdate | None:
    """Return how the group is renewed; nothing if what is running is left alone."""
    policy = _definition(asked).get("UpdatePolicy", {}).get("AutoScalingRollingUpdate")
    if policy is None:
        return None
    return RollingUpdate(
        batch=int(policy.get("MaxBatchSize", 1)),
        waits=str(policy.get("WaitOnResourceSignals", False)).lower() == "true",
        within_seconds=wait_conditions.validate_resource_signal_timeout(policy.get("PauseTime"), asked.logical_id),
        percent=int(policy.get("MinSuccessfulInstancesPercent", 100)),
    )


def wait_for_creation(asked: Request, instances: list[str]) -> None:
    """Wait for as many signals as `CreationPolicy` wants."""
    policy = _definition(asked).get("CreationPolicy", {})
    if (signal := policy.get("ResourceSignal")) is None:
        return
    percent = int(policy.get("AutoScalingCreationPolicy", {}).get("MinSuccessfulInstancesPercent", 100))
    count = wait_conditions.validate_count(signal.get("Count"), asked.logical_id)
    within = wait_conditions.validate_resource_signal_timeout(signal.get("Timeout"), asked.logical_id)
    _wait(asked, instances, _Wanted("CREATE", count, percent, within))


def wait_for_batch(asked: Request, instances: list[str], update: RollingUpdate) -> None:
    """Wait until enough of the new instances say that they work."""
    if update.waits:
        _wait(asked, instances, _Wanted("UPDATE", len(instances), update.percent, update.within_seconds))


@dataclass(frozen=True)
class _Wanted:
    operation: str
    count: int
    percent: int
    within_seconds: int

    @property
    def successes(self) -> int:
        return math.ceil(self.count * self.percent / 100)


def _wait(asked: Request, instances: list[str], wanted: _Wanted) -> None:
    stack_id = provisioners._cr_stack_id(asked.stack_name)
    token = wait_conditions.register_slot(stack_id)
    status = _after_first_boot(asked.logical_id, asked.properties, stack_id)
    for instance in instances if status else []:
        wait_conditions.deliver_signal(token, {"Status": status, "UniqueId": instance})
        said = f"Received {status} signal with UniqueId {instance}"
        stacks._add_event(stack_id, asked.stack_name, asked.logical_id, GROUP, f"{wanted.operation}_IN_PROGRESS", said)
    try:
        wait_conditions.wait_for(
            token, stack_id, asked.stack_name, asked.logical_id, GROUP, wanted.successes, wanted.within_seconds
        )
    except TimeoutError as error:
        heard = int((re.search(r"Received (\d+)", str(error)) or ["0", "0"])[1])
        raise TimeoutError(_unsatisfied(heard, "SUCCESS", wanted)) from error
    except RuntimeError as error:
        heard = len(instances) if status == "FAILURE" else 1
        raise RuntimeError(_unsatisfied(heard, "FAILURE", wanted)) from error


def _unsatisfied(heard: int, status: str, wanted: _Wanted) -> str:
    return (
        f"Received {heard} {status} signal(s) out of {wanted.count}.  "
        f"Unable to satisfy {wanted.percent}% MinSuccessfulInstancesPercent requirement"
    )


def _after_first_boot(logical_id: str, properties: Properties, stack_id: str) -> str | None:
    data, _, error = ec2._resolve_launch_template_data(properties.get("LaunchTemplate") or {})
    scripts = "" if error else _scripts(base64.b64decode((data or {}).get("UserData") or ""))
    called = re.search(rf"cfn-signal\b.*--resource {re.escape(logical_id)}\b.*", scripts)
    if called is None or not _counts(called[0], (data or {}).get("IamInstanceProfile") or {}, stack_id):
        return None
    return "FAILURE" if _FAILS.search(scripts) else "SUCCESS"


def _counts(command: str, profile: dict[str, str], stack_id: str) -> bool:
    """Say whether a signal is taken: signed by nobody, from every instance of the stack; else from whom it names."""
    named = re.search(r"--role[= ](\S+)", command)
    if named is None:
        return True
    name = (profile.get("Name") or profile.get("Arn", "")).rpartition("/")[2]
    if named[1] not in (iam._instance_profiles.get(name) or {}).get("Roles", ()):
        return False
    role: dict[str, Any] = roles.find(named[1]) or {}
    return not enforced() or roles.permits(role.get("Arn", ""), "cloudformation:SignalResource", stack_id)


def _scripts(user_data: bytes) -> str:
    parts = email.message_from_bytes(user_data).walk() if b"multipart/" in user_data[:200] else []
    found = [part.get_payload(decode=True) for part in parts if not part.is_multipart()]
    return b"\n".join(part for part in found or [user_data] if isinstance(part, bytes)).decode(errors="replace")


def _definition(asked: Request) -> dict[str, Any]:
    found: dict[str, Any] = provisioners._cfn_wait_condition_definition(asked.stack_name, asked.logical_id)
    return found
