"""Functions whose code stands in the template: for two languages only, in a file whose name CloudFormation decides."""

from collections.abc import Callable
from typing import Any

from . import seam
from .gate import Planned, Props, on_create, on_update
from .refusal import Refusal, Rule

_DOC = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html"

RULES = (
    Rule("inline-code-runtime", "code in a template (ZipFile) is for a runtime of Node.js or Python", _DOC),
    Rule("inline-code-file", "code in a template is a file called index: a handler elsewhere is not found", _DOC),
)

_PROVISIONERS = "ministack.services.cloudformation.provisioners"

TOUCHED: list[tuple[str, str]] = [(_PROVISIONERS, "_zip_inline")]


def install() -> None:
    """Name the file of inline code as CloudFormation does, whatever the handler says."""
    seam.around(_PROVISIONERS, "_zip_inline", _called_index)


def _called_index(original: Callable[..., bytes | None]) -> Callable[..., bytes | None]:
    def _zip_inline(source: str | None, handler: str, runtime: str) -> bytes | None:
        return original(source, "index.handler", runtime)

    return _zip_inline


@on_create("lambda", "AWS::Lambda::Function")
def _created(planned: Planned) -> None:
    _check_runtime(planned.props)


@on_update("lambda", "AWS::Lambda::Function")
def _updated(_: str, __: Props, new: Props) -> None:
    _check_runtime(new)


def _check_runtime(props: dict[str, Any]) -> None:
    runtime = props.get("Runtime", "")
    if props.get("Code", {}).get("ZipFile") and not runtime.startswith(("nodejs", "python")):
        message = "ZipFile can only be used when Runtime is set to either of nodejs or python."
        raise Refusal("InvalidParameterValueException", message)
