"""What is added to ministack, in the order in which it must be added."""

from __future__ import annotations

import importlib
import pkgutil

_PARTS = ("contract", "apis", "provisioning", "types", "completions", "bridge", "deliveries", "refusals")


def install() -> None:
    """Add every part; the contract comes first, because the others reach into ministack by private names."""
    for part in _PARTS:
        try:
            module = importlib.import_module(f"{__package__}.{part}")
        except ModuleNotFoundError as error:
            if error.name != f"{__package__}.{part}":
                raise
            continue
        if hasattr(module, "install"):
            module.install()


def modules_of(part: str) -> list[str]:
    """Return the names of the modules a part consists of: what `/_local/health` reports."""
    try:
        package = importlib.import_module(f"{__package__}.{part}")
    except ModuleNotFoundError:
        return []
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_"))
