"""Whether a key policy lets a service use the key.

A key policy is the only door to a key: without a statement for the service, nothing it encrypts is ever delivered.
"""

from typing import Any

from ministack.core.responses import get_region

from .principal import Context, admits

# What encrypting a message, an object or a log line takes.
ENCRYPT = ("kms:GenerateDataKey", "kms:Decrypt")

TOUCHED: list[tuple[str, str]] = [("ministack.services.kms", "_resolve_key")]


def find(reference: str) -> dict[str, Any] | None:
    """The key record that an id, ARN or alias names, in the scope of the request."""
    from ministack.services import kms

    record: dict[str, Any] | None = kms._resolve_key(reference)
    return record


def usable(reference: str, service: str, actions: tuple[str, ...], context: Context | None = None) -> bool:
    """Whether `service` may perform every one of `actions` with the key.

    An AWS-managed key (`alias/aws/...`) has no record in the emulator, and its policy admits no other service: refused.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    """
    record = find(reference)
    if record is None or record.get("KeyState") != "Enabled":
        return False
    return all(admits(record.get("Policy"), service, action, record["Arn"], context) for action in actions)


def via(service: str, **encryption_context: str) -> dict[str, str]:
    """The keys a service adds when it uses a key for a caller: itself, and what is being encrypted."""
    return {
        "kms:viaservice": f"{service}.{get_region()}.amazonaws.com",
        **{f"kms:encryptioncontext:{name}": value for name, value in encryption_context.items()},
        "kms:encryptioncontextkeys": ",".join(encryption_context),
    }
