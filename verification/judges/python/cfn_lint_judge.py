"""Lets cfn-lint judge CloudFormation templates: what it looked at and what it found, as JSON on standard output."""

import json
import sys
from pathlib import Path

from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner


def examine(template: str) -> dict[str, list]:
    # errors and warnings; what is informational (I…) is taste
    runner = Runner(ConfigMixIn([], templates=[template]))
    findings = [
        {
            "rule": match.rule.id,
            "resource": match.path[1] if match.path and len(match.path) > 1 and match.path[0] == "Resources" else "",
            "message": match.message,
        }
        for match in runner.run()
    ]
    return {"rules": sorted(runner.rules.used_rules), "findings": findings}


if __name__ == "__main__":
    json.dump({template: examine(template) for template in (str(Path(name).resolve()) for name in sys.argv[1:])}, sys.stdout)
