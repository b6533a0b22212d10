"""CloudTrail: a new trail keeps its log group, its role and its tags."""

from __future__ import annotations

from typing import Any

from ministack.services import cloudtrail

_FORGOTTEN = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")


def install() -> None:
    """Amend creating a trail."""
    create = cloudtrail._DISPATCH["CreateTrail"]

    def create_trail(body: dict[str, Any]) -> Any:
        answer = create(body)
        if answer[0] == 200:
            trail = cloudtrail._trails[body["Name"].strip()]
            trail |= {name: body[name] for name in _FORGOTTEN if body.get(name)}
            if tags := body.get("TagsList"):
                cloudtrail._DISPATCH["AddTags"]({"ResourceId": trail["TrailARN"], "TagsList": tags})
        return answer

    cloudtrail._DISPATCH["CreateTrail"] = create_trail
