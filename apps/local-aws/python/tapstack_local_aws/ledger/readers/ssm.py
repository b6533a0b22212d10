"""Parameters."""

from __future__ import annotations

from ...clients import client
from . import Properties, reader


@reader("AWS::SSM::Parameter", "Name", "Tags", "Type", "Value")
def parameter(physical_id: str, properties: Properties) -> Properties:
    """Read a parameter and its tags."""
    ssm = client("ssm")
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=physical_id)["TagList"]
    return {**ssm.get_parameter(Name=physical_id)["Parameter"], "Tags": tags}
