"""Properties that ministack's own provisioners drop, set through the services' public APIs, one module per service."""

from __future__ import annotations

import importlib
import pkgutil

from ..provisioning import amend, before_delete, complete


def install() -> None:
    """Register the completions of every module, and what some do ahead of ministack or of a delete."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        for type_name, completion in module.COMPLETIONS.items():
            complete(type_name, completion)
        for type_name, amendment in getattr(module, "AMENDMENTS", {}).items():
            amend(type_name, amendment)
        for type_name, step in getattr(module, "BEFORE_DELETE", {}).items():
            before_delete(type_name, step)
