"""Types that exist in the stack only: ministack has no API for them, and nothing here acts on them.

They let a template deploy. The ledger reports every property of theirs as `stub`.
"""

from __future__ import annotations

from ministack.core.responses import get_account_id

from ..provisioning import Created, Properties, Request, ResourceType


def _forget(physical_id: str, properties: Properties) -> None:
    """Nothing was made."""


def _block_public_access(request: Request) -> Created:
    return Created(get_account_id(), {"AccountId": get_account_id()})


TYPES = (
    ResourceType(
        "AWS::EC2::VPCBlockPublicAccessOptions",
        _block_public_access,
        _forget,
        lambda physical_id, old, request: _block_public_access(request),
        taggable=False,
        only_recorded=True,
    ),
)
