"""Amazon Linux 2023 for both architectures: images, and the public parameters that name the latest one."""

from __future__ import annotations

from typing import Any

from ministack.services import ec2, ssm

from .ec2_actions import Element, InvalidRequest, Parameters, amend, items, put, text
from .ec2_instances import architecture_of

_PREFIX = "/aws/service/ami-amazon-linux-latest/"
_AMAZON = "137112412989"
# By architecture, kernel line and edition; `default` is an alias of the first kernel line, as on AWS.
_KERNELS = ("6.1", "6.12")
_EDITIONS = {"": "al2023-ami", "minimal-": "al2023-ami-minimal"}
_ARCHITECTURES = ("x86_64", "arm64")
_RELEASE = "2023.9.20251105.0"

_architecture_of_image: dict[str, str] = {}


def install() -> None:
    """Add images and parameters, and refuse to launch an image on the other architecture."""
    for edition_number, edition in enumerate(_EDITIONS.values()):
        for kernel_number, kernel in enumerate(_KERNELS):
            for architecture_number, architecture in enumerate(_ARCHITECTURES):
                image_id = f"ami-0a12023{edition_number}{kernel_number}{architecture_number}0000000"
                _add_image(image_id, f"{edition}-{_RELEASE}-kernel-{kernel}-{architecture}", architecture)
                _add_parameter(f"{edition}-kernel-{kernel}-{architecture}", image_id)
                if kernel_number == 0:
                    _add_parameter(f"{edition}-kernel-default-{architecture}", image_id)
    amend("DescribeImages", _show_images)
    amend("RunInstances", lambda parameters, root: None, _check_architecture)
    _let_parameters_be_pinned()


def _add_image(image_id: str, name: str, architecture: str) -> None:
    ec2._STUB_AMIS.append((image_id, name, "Amazon Linux 2023 AMI", "", "/dev/xvda", _AMAZON, "amazon"))
    _architecture_of_image[image_id] = architecture


def _add_parameter(name: str, image_id: str) -> None:
    ssm._PUBLIC_AMI_PARAMETERS[_PREFIX + name] = image_id


def _show_images(parameters: Parameters, root: Element) -> None:
    for image_id, element in items(root, "imageId"):
        if architecture := _architecture_of_image.get(image_id):
            put(element, "architecture", architecture)
            put(element, "imdsSupport", "v2.0")


def _check_architecture(parameters: Parameters) -> None:
    wanted = architecture_of(text(parameters, "InstanceType"))
    architecture = _architecture_of_image.get(text(parameters, "ImageId"))
    if architecture and text(parameters, "InstanceType") and architecture != wanted:
        raise InvalidRequest(
            "InvalidParameterValue",
            f"The architecture '{wanted}' of the specified instance type does not match the architecture "
            f"'{architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again.",
        )


def _let_parameters_be_pinned() -> None:
    """Let `name:1` name the one version that a public parameter has here; ministack knows it without a version only."""
    select = ssm._select_parameter

    def select_parameter(name_or_arn: str) -> tuple[Any, Any]:
        found, error = select(name_or_arn)
        base, _, version = name_or_arn.rpartition(":")
        if error and version == "1" and (public := ssm._public_parameter(base)):
            return public, None
        return found, error

    ssm._select_parameter = select_parameter
