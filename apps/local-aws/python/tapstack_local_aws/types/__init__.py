"""The CloudFormation types that ministack lacks, one module per service."""

from __future__ import annotations

import importlib
import pkgutil

from ..provisioning import register


def install() -> None:
    """Register the types of every module."""
    for module in pkgutil.iter_modules(__path__):
        register(*importlib.import_module(f"{__name__}.{module.name}").TYPES)
