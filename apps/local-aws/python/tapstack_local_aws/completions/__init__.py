"""Properties that ministack's own provisioners drop, set through the services' public APIs, one module per service."""

from __future__ import annotations

import importlib
import pkgutil

from ..provisioning import complete


def install() -> None:
    """Register the completions of every module."""
    for module in pkgutil.iter_modules(__path__):
        for type_name, completion in importlib.import_module(f"{__name__}.{module.name}").COMPLETIONS.items():
            complete(type_name, completion)
