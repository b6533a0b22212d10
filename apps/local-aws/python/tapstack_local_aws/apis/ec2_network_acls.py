"""Network ACLs with ports in their entries, and with the subnets they are associated with."""

from __future__ import annotations

from typing import Any

from ministack.services import ec2

from .ec2_actions import Element, InvalidRequest, Parameters, amend, put, text

Record = dict[str, Any]


def install() -> None:
    """Amend entries and associations."""
    amend("CreateNetworkAclEntry", _after_entry)
    amend("ReplaceNetworkAclEntry", _after_entry)
    amend("DescribeNetworkAcls", _show, lambda parameters: _associate_all_subnets())
    amend("ReplaceNetworkAclAssociation", _after_association, _before_association)
    amend("DeleteNetworkAcl", lambda parameters, root: None, _before_delete)


def _after_entry(parameters: Parameters, root: Element) -> None:
    number = int(text(parameters, "RuleNumber") or 100)
    egress = text(parameters, "Egress") == "true"
    for entry in ec2._network_acls[text(parameters, "NetworkAclId")]["Entries"]:
        if entry["RuleNumber"] != number or entry["Egress"] != egress:
            continue
        if text(parameters, "PortRange.From"):
            entry["PortRange"] = {side: int(text(parameters, f"PortRange.{side}")) for side in ("From", "To")}
        if text(parameters, "Icmp.Type"):
            entry["Icmp"] = {side: int(text(parameters, f"Icmp.{side}")) for side in ("Type", "Code")}


def _associate_all_subnets() -> None:
    """Associate what is not associated with the default ACL of its VPC, as AWS does when a subnet is made."""
    associated = {association["SubnetId"] for acl in ec2._network_acls.values() for association in acl["Associations"]}
    for acl in ec2._network_acls.values():
        acl["Associations"] = [found for found in acl["Associations"] if found["SubnetId"] in ec2._subnets]
    defaults = {acl["VpcId"]: acl for acl in ec2._network_acls.values() if acl["IsDefault"]}
    for subnet in ec2._subnets.values():
        default = defaults.get(subnet["VpcId"])
        if default is not None and subnet["SubnetId"] not in associated:
            identifier = "aclassoc-" + subnet["SubnetId"].partition("-")[2]
            default["Associations"].append({"NetworkAclAssociationId": identifier, "SubnetId": subnet["SubnetId"]})


def _before_association(parameters: Parameters) -> None:
    """Remember whose association is replaced: ministack makes the new one without a subnet."""
    _associate_all_subnets()
    wanted = text(parameters, "AssociationId")
    for acl in ec2._network_acls.values():
        for association in acl["Associations"]:
            if association["NetworkAclAssociationId"] == wanted:
                parameters["_SubnetId"] = [association["SubnetId"]]
                return
    raise InvalidRequest("InvalidAssociationID.NotFound", f"The association ID '{wanted}' does not exist")


def _after_association(parameters: Parameters, root: Element) -> None:
    made = root.findtext("newAssociationId")
    for association in ec2._network_acls[text(parameters, "NetworkAclId")]["Associations"]:
        if association["NetworkAclAssociationId"] == made:
            association["SubnetId"] = text(parameters, "_SubnetId")


def _before_delete(parameters: Parameters) -> None:
    acl = ec2._network_acls.get(text(parameters, "NetworkAclId"), {})
    if acl.get("Associations"):
        raise InvalidRequest(
            "DependencyViolation", f"The networkAcl '{acl['NetworkAclId']}' has dependencies and cannot be deleted."
        )


def _show(parameters: Parameters, root: Element) -> None:
    for element in root.iter("item"):
        acl = ec2._network_acls.get(element.findtext("networkAclId") or "")
        entries = element.find("entrySet")
        if acl is None or entries is None:
            continue
        for entry, shown in zip(acl["Entries"], entries, strict=True):
            if ports := entry.get("PortRange"):
                put(shown, "portRange", {"from": ports["From"], "to": ports["To"]})
            if icmp := entry.get("Icmp"):
                put(shown, "icmpTypeCode", {"type": icmp["Type"], "code": icmp["Code"]})
