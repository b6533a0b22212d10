"""Replaces one attribute of the emulator, and remembers that it did.

Everything the extension reaches into is listed in `TOUCHED`, so that a contract test notices when a new version of the
emulator renames it.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def around(module: str, attribute: str, wrapper: Callable[[Any], Any]) -> None:
    """Puts `wrapper(original)` in the place of `module.attribute`."""
    owner = import_module(module)
    setattr(owner, attribute, wrapper(getattr(owner, attribute)))
