"""Templates: a reference must lead somewhere, and not back to where it came from.

Not here: unknown properties. CloudFormation checks them against its resource schemas, which the emulator does not have;
cfn-lint and CloudFormation's own validation judge every template of ours instead. The limit of 51,200 bytes for an
inline template is the emulator's own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from . import seam
from .refusal import Rule

Template = dict[str, Any]

RULES = (
    Rule(
        "template-references",
        "Ref, Fn::GetAtt, Fn::Sub, DependsOn and Condition name what the template declares (ValidationError)",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html",
    ),
    Rule(
        "template-circular",
        "resources that wait for each other are refused before anything is made (ValidationError)",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
    ),
)

_CALLERS = (
    "ministack.services.cloudformation.handlers",
    "ministack.services.cloudformation.changesets",
)

TOUCHED: list[tuple[str, str]] = [
    *((module, "validate_template_support") for module in _CALLERS),
    ("ministack.services.cloudformation.engine", "_topological_sort"),
]

_VARIABLE = re.compile(r"\$\{([^!${}][^${}]*)\}")


def install() -> None:
    """Check references wherever a template is validated."""
    for module in _CALLERS:
        seam.around(module, "validate_template_support", _checking)


def _checking(original: Callable[..., None]) -> Callable[..., None]:
    def validate_template_support(template: Template, conditions: dict[str, bool], params: Any = None) -> None:
        original(template, conditions, params)
        # A transform may still declare what is referred to (and Fn::ForEach refers to its own variables).
        if not template.get("Transform"):
            _check(template)
            _check_order(template, conditions)

    return validate_template_support


def _check(template: Template) -> None:
    resources = template.get("Resources") or {}
    declared = {*resources, *(template.get("Parameters") or {})}
    conditions = set(template.get("Conditions") or {})
    for section in ("Resources", "Outputs"):
        missing = sorted({name for name in _references(template.get(section) or {}) if name not in declared})
        if missing:
            raise ValueError(
                f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] "
                f"in the {section} block of the template"
            )
        for entry in (template.get(section) or {}).values():
            condition = entry.get("Condition") if isinstance(entry, dict) else None
            if isinstance(condition, str) and condition not in conditions:
                raise ValueError(
                    f"Template format error: Unresolved condition dependency {condition} "
                    f"in the {section} block of the template"
                )
    for resource in resources.values():
        depends = resource.get("DependsOn") or []
        missing = sorted(
            {each for each in ([depends] if isinstance(depends, str) else depends) if each not in resources}
        )
        if missing:
            raise ValueError(
                f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] "
                f"in the Resources block of the template"
            )


def _check_order(template: Template, conditions: dict[str, bool]) -> None:
    from ministack.services.cloudformation import engine

    try:
        engine._topological_sort(template.get("Resources") or {}, conditions)
    except ValueError as error:
        named = str(error).rpartition(": ")[2]
        raise ValueError(f"Circular dependency between resources: [{named}]") from error


def _references(node: Any) -> Iterator[str]:
    """Yield every logical id or parameter a part of a template refers to; pseudo parameters are none."""
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        if len(node) == 1:
            yield from _reference(*next(iter(node.items())))
        for value in node.values():
            yield from _references(value)


def _reference(function: str, argument: Any) -> Iterator[str]:
    if function == "Ref" and isinstance(argument, str):
        yield from _unless_pseudo(argument)
    elif function == "Fn::GetAtt":
        target = argument.partition(".")[0] if isinstance(argument, str) else argument[0] if argument else ""
        if isinstance(target, str):
            yield target
    elif function == "Fn::Sub":
        text, own = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
        for variable in _VARIABLE.findall(text):
            name = variable.strip()
            if name not in own:
                yield from _unless_pseudo(name.partition(".")[0])


def _unless_pseudo(name: str) -> Iterator[str]:
    if not name.startswith("AWS::"):
        yield name
