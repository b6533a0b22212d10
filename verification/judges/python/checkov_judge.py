"""Lets Checkov judge CloudFormation templates: what it looked at and what it found, as JSON on standard output."""

import json
import logging
import os
import sys
from pathlib import Path

from checkov.cloudformation.runner import Runner
from checkov.runner_filter import RunnerFilter


class Complaints(logging.Handler):
    """Checkov logs that a check broke and goes on without it: here a broken check breaks the run."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def examine(templates: list[str]) -> dict[str, dict[str, list]]:
    # Checkov writes the path of the file into what its checks read, and a path of 40 letters and slashes is an AWS secret key to it:
    # it gets names from where the templates are, so that its verdict does not depend on where the repository is
    os.chdir(os.path.commonpath([Path(template).parent for template in templates]))
    names = {os.path.relpath(template): template for template in templates}
    report = Runner().run(root_folder=None, files=list(names), runner_filter=RunnerFilter(framework=["cloudformation"]))
    seen: dict[str, dict[str, list]] = {template: {"rules": [], "findings": []} for template in templates}
    for check in [*report.passed_checks, *report.failed_checks, *report.skipped_checks]:
        rules = seen[names[check.file_abs_path]]["rules"]
        if check.check_id not in rules:
            rules.append(check.check_id)
    for check in report.failed_checks:
        seen[names[check.file_abs_path]]["findings"].append(
            {"rule": check.check_id, "resource": check.resource.rpartition(".")[2], "message": check.check_name}
        )
    for name in report.parsing_errors:
        seen[names[name]]["findings"].append({"rule": "unreadable", "resource": "", "message": "Checkov cannot read the template"})
    return seen


if __name__ == "__main__":
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    verdict = examine([str(Path(name).resolve()) for name in sys.argv[1:]])
    if complaints.said:
        sys.exit("\n".join(complaints.said))
    json.dump(verdict, sys.stdout)
