"""Launch templates that keep the key of a volume."""

from __future__ import annotations

from typing import Any

from ministack.services import ec2

from .ec2_actions import Element, Parameters, amend, numbered, put, text


def install() -> None:
    """Read the key from requests and show it in versions."""
    parse = ec2._parse_lt_data

    def parse_with_keys(parameters: Parameters, prefix: str = "LaunchTemplateData") -> dict[str, Any]:
        data = parse(parameters, prefix)
        mappings = numbered(parameters, f"{prefix}.BlockDeviceMapping")
        for name, mapping in zip(mappings, data.get("BlockDeviceMappings", []), strict=False):
            if key := text(parameters, f"{name}.Ebs.KmsKeyId"):
                mapping.setdefault("Ebs", {})["KmsKeyId"] = key
        return data

    ec2._parse_lt_data = parse_with_keys
    amend("DescribeLaunchTemplateVersions", _show_versions)


def _show_versions(parameters: Parameters, root: Element) -> None:
    for element in root.iter("item"):
        template = ec2._launch_templates.get(element.findtext("launchTemplateId") or "", {})
        number = element.findtext("versionNumber")
        version = next((each for each in template.get("Versions", []) if str(each["VersionNumber"]) == number), None)
        shown = element.findall("launchTemplateData/blockDeviceMappingSet/item")
        if version is None:
            continue
        mappings = version["LaunchTemplateData"].get("BlockDeviceMappings", [])
        for item, mapping in zip(shown, mappings, strict=True):
            ebs = item.find("ebs")
            if ebs is not None and mapping["Ebs"].get("KmsKeyId"):
                put(ebs, "kmsKeyId", mapping["Ebs"]["KmsKeyId"])
