"""Rules of security groups: one for each peer, as EC2 keeps them, and prefix lists among the peers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ministack.services import ec2

from .ec2_actions import Element, Parameters, amend, numbered, text

Permission = dict[str, Any]

_PEERS = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")


def install() -> None:
    """Read prefix lists from requests, which ministack shows already, and keep a rule for each peer of a permission."""
    parse = ec2._parse_ip_permissions

    def parse_each_peer(parameters: Parameters, prefix: str) -> list[Permission]:
        permissions = parse(parameters, prefix)
        for name, permission in zip(numbered(parameters, prefix), permissions, strict=False):
            permission["PrefixListIds"] = [_prefix_list(parameters, each) for each in _lists(parameters, name)]
        return [rule for permission in permissions for rule in _each_peer(permission)]

    ec2._parse_ip_permissions = parse_each_peer
    amend("RevokeSecurityGroupIngress", lambda parameters, root: _tell_revoked(parameters, root, is_egress=False))
    amend("RevokeSecurityGroupEgress", lambda parameters, root: _tell_revoked(parameters, root, is_egress=True))
    amend("DescribeSecurityGroups", lambda parameters, root: _put_together(root))


def _lists(parameters: Parameters, permission: str) -> list[str]:
    return list(numbered(parameters, f"{permission}.PrefixListIds"))


def _prefix_list(parameters: Parameters, name: str) -> dict[str, str]:
    described = text(parameters, f"{name}.Description")
    return {
        "PrefixListId": text(parameters, f"{name}.PrefixListId"),
        **({"Description": described} if described else {}),
    }


def _each_peer(permission: Permission) -> Iterator[Permission]:
    nobody: Permission = {kind: [] for kind in _PEERS}
    found = [(kind, peer) for kind in _PEERS for peer in permission.get(kind) or ()]
    if len(found) < 2:
        yield permission
        return
    for kind, peer in found:
        yield {**permission, **nobody, kind: [peer]}


def _tell_revoked(parameters: Parameters, root: Element, *, is_egress: bool) -> None:
    """Name the rules that are gone; ministack names them only where they were asked for by id."""
    if root.find("revokedSecurityGroupRuleSet") is not None:
        return
    group = text(parameters, "GroupId")
    rules = ec2._parse_ip_permissions(parameters, "IpPermissions")
    gone = "".join(ec2._revoked_sg_rule_xml(group, rule, is_egress=is_egress) for rule in rules)
    root.append(ElementTree.fromstring(f"<revokedSecurityGroupRuleSet>{gone}</revokedSecurityGroupRuleSet>"))


def _put_together(root: Element) -> None:
    """Describe rules for the same traffic as one permission with several peers, as EC2 does."""
    for permissions in [*root.iter("ipPermissions"), *root.iter("ipPermissionsEgress")]:
        by_traffic: dict[tuple[str | None, ...], list[Element]] = defaultdict(list)
        for item in permissions.findall("item"):
            by_traffic[tuple(item.findtext(name) for name in ("ipProtocol", "fromPort", "toPort"))].append(item)
        for first, *others in by_traffic.values():
            for other in others:
                for peers in ("groups", "ipRanges", "ipv6Ranges", "prefixListIds"):
                    _add_items(first, other, peers)
                permissions.remove(other)


def _add_items(to: Element, others: Element, peers: str) -> None:
    found = others.find(peers)
    place = to.find(peers)
    if found is not None and len(found):
        (ElementTree.SubElement(to, peers) if place is None else place).extend(list(found))
