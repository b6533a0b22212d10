"""Rules of security groups that name a prefix list."""

from __future__ import annotations

from typing import Any

from ministack.services import ec2

from .ec2_actions import Parameters, numbered, text


def install() -> None:
    """Read prefix lists from requests; ministack shows them already."""
    parse = ec2._parse_ip_permissions

    def parse_with_prefix_lists(parameters: Parameters, prefix: str) -> list[dict[str, Any]]:
        permissions = parse(parameters, prefix)
        for name, permission in zip(numbered(parameters, prefix), permissions, strict=False):
            permission["PrefixListIds"] = [_prefix_list(parameters, each) for each in _lists(parameters, name)]
        return permissions

    ec2._parse_ip_permissions = parse_with_prefix_lists


def _lists(parameters: Parameters, permission: str) -> list[str]:
    return list(numbered(parameters, f"{permission}.PrefixListIds"))


def _prefix_list(parameters: Parameters, name: str) -> dict[str, str]:
    described = text(parameters, f"{name}.Description")
    return {
        "PrefixListId": text(parameters, f"{name}.PrefixListId"),
        **({"Description": described} if described else {}),
    }
