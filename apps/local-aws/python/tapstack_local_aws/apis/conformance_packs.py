"""AWS Config: conformance packs, and the rules that they bring, which ministack does not know.

AWS makes the rules by a stack of its own (`awsconfigconforms-…`), after it has answered; here they are there at once,
and there is no such stack. Where nothing records, AWS takes the pack, and says by its state that it failed: so here.

Not here: parameters, conditions and functions of a template, remediation, templates in S3 or in a document.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, new_uuid
from ministack.services import config, iam
from ministack.services.cloudformation import engine

from .json_actions import Body, InvalidRequest, add

SERVICE = "config-conforms.amazonaws.com"
ROLE = "AWSServiceRoleForConfigConforms"

# https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html
_PACKS, _RULES_OF_A_PACK, _TEMPLATE_BYTES = 50, 130, 51_200

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,255}")
_FAILED = (
    "The following resource(s) failed to create: You must create a configuration recorder before you can create or "
    "update a Config rule. (Service: Config, Status Code: 400, Error Code: NoAvailableConfigurationRecorderException)"
)

_packs = AccountRegionScopedDict()


def install() -> None:
    """Let the server answer for conformance packs, and forget them when it forgets the rules."""
    actions = {
        "PutConformancePack": _put,
        "DescribeConformancePacks": _describe,
        "DescribeConformancePackStatus": _describe_status,
        "DescribeConformancePackCompliance": _describe_compliance,
        "DeleteConformancePack": _delete,
    }
    add(config, actions)
    forget_rules = config.reset

    def reset() -> None:
        forget_rules()
        _packs.clear()

    config.reset = reset


def _put(body: Body) -> Body:
    name = body["ConformancePackName"]
    rules = _rules(_checked(name, body))
    if name not in _packs and len(_packs) >= _PACKS:
        raise InvalidRequest(
            "MaxNumberOfConformancePacksExceededException",
            f"The account has the maximum number of conformance packs: {_PACKS}.",
        )
    _ensure_role()
    pack = _packs.setdefault(name, _new(name))
    pack["detail"] |= {
        "LastUpdateRequestedTime": int(time.time()),
        "ConformancePackInputParameters": body.get("ConformancePackInputParameters", []),
        **{given: body[given] for given in ("DeliveryS3Bucket", "DeliveryS3KeyPrefix") if given in body},
    }
    pack["failed"] = not len(config._recorders)
    pack["template"] = body["TemplateBody"]
    _replace_rules(pack, [] if pack["failed"] else rules)
    return {"ConformancePackArn": pack["detail"]["ConformancePackArn"]}


def _new(name: str) -> Body:
    identifier = f"conformance-pack-{new_uuid().replace('-', '')[:9]}"
    arn = f"arn:aws:config:{get_region()}:{get_account_id()}:conformance-pack/{name}/{identifier}"
    stack = f"awsconfigconforms-{name}-{identifier}"
    return {
        "detail": {"ConformancePackName": name, "ConformancePackArn": arn, "ConformancePackId": identifier},
        "stack": f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{stack}/{new_uuid()}",
        "rules": [],
    }


def _checked(name: str, body: Body) -> Body:
    """Return the resources of the template, if the service takes all of it."""
    if not _NAME.fullmatch(name):
        raise InvalidRequest(
            "ValidationException", f"Value '{name}' at 'conformancePackName' failed to satisfy {_NAME.pattern}"
        )
    text = body.get("TemplateBody")
    if not text or "TemplateS3Uri" in body or "TemplateSSMDocumentDetails" in body:
        raise InvalidRequest(
            "InvalidParameterValueException", "Specify the template by 'TemplateBody': nothing else is known here."
        )
    if len(text.encode()) > _TEMPLATE_BYTES:
        raise InvalidRequest("ValidationException", f"'templateBody' must have at most {_TEMPLATE_BYTES} bytes.")
    try:
        template = engine._parse_template(text)
    except Exception as problem:  # whatever a parser of JSON or YAML raises
        raise _invalid(f"Template format error: {problem}") from problem
    if problems := _problems(template):
        raise _invalid(", ".join(problems))
    resources: Body = template["Resources"]
    return resources


def _problems(template: Body) -> list[str]:
    if unknown := sorted(set(template) - {"AWSTemplateFormatVersion", "Description", "Resources"}):
        return [f"{section} is not known here" for section in unknown]
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not resources:
        return ["At least one resource is required in the template"]
    if len(resources) > _RULES_OF_A_PACK:
        return ["Number of resources provided in the template exceeds the allowed limit"]
    return [found for logical_id, resource in resources.items() for found in _problems_of(logical_id, resource)]


def _problems_of(logical_id: str, resource: Any) -> list[str]:
    if not re.fullmatch(r"[a-zA-Z0-9]{1,255}", str(logical_id)):
        return [f"Resource name {logical_id} is non alphanumeric"]
    if not isinstance(resource, dict) or resource.get("Type") != "AWS::Config::ConfigRule":
        return [f"{logical_id} must be of type AWS::Config::ConfigRule"]
    properties = resource.get("Properties") or {}
    missing = [f"{logical_id} must have {prop}" for prop in ("ConfigRuleName", "Source") if prop not in properties]
    source = properties.get("Source") or {}
    incomplete = {"Owner", "SourceIdentifier"} - set(source) if isinstance(source, dict) else {"Owner"}
    return missing or [f"Source of {logical_id} must have {member}" for member in sorted(incomplete)]


def _invalid(problems: str) -> InvalidRequest:
    return InvalidRequest(
        "ConformancePackTemplateValidationException",
        f"Invalid conformance pack template provided. Errors found: [{problems}]. Fix your template and try again.",
    )


def _rules(resources: Body) -> list[Body]:
    names = [resource["Properties"]["ConfigRuleName"] for resource in resources.values()]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _invalid(f"ConfigRuleName {twice[0]} is there twice")
    return [resource["Properties"] for resource in resources.values()]


def _replace_rules(pack: Body, rules: list[Body]) -> None:
    """Make the rules of a pack those of its template: what stays keeps its id."""
    wanted = {f"{rule['ConfigRuleName']}-{pack['detail']['ConformancePackId']}": rule for rule in rules}
    for name in pack["rules"]:
        if name not in wanted:
            config._config_rules.pop(name, None)
    pack["rules"] = list(wanted)
    for name, rule in wanted.items():
        parameters = {"InputParameters": json.dumps(rule["InputParameters"])} if "InputParameters" in rule else {}
        config._put_config_rule({"ConfigRule": {**rule, "ConfigRuleName": name, "CreatedBy": SERVICE, **parameters}})
        made = config._config_rules[name]
        arn = f"arn:aws:config:{get_region()}:{get_account_id()}:config-rule/aws-service-rule/{SERVICE}"
        made["ConfigRuleArn"] = f"{arn}/{made['ConfigRuleId']}"


def _describe(body: Body) -> Body:
    return {"ConformancePackDetails": [_found(name)["detail"] for name in body.get("ConformancePackNames") or _packs]}


def _describe_status(body: Body) -> Body:
    names = [name for name in body.get("ConformancePackNames") or _packs if name in _packs]
    return {"ConformancePackStatusDetails": [_status(_packs[name]) for name in names]}


def _status(pack: Body) -> Body:
    state = {"ConformancePackState": "CREATE_FAILED", "ConformancePackStatusReason": _FAILED}
    done = {
        "ConformancePackState": "CREATE_COMPLETE",
        "LastUpdateCompletedTime": pack["detail"]["LastUpdateRequestedTime"],
    }
    shared = ("ConformancePackName", "ConformancePackArn", "ConformancePackId", "LastUpdateRequestedTime")
    return {
        **{name: pack["detail"][name] for name in shared},
        "StackArn": pack["stack"],
        **(state if pack["failed"] else done),
    }


def _describe_compliance(body: Body) -> Body:
    # nothing is evaluated here
    rules = [
        {"ConfigRuleName": name, "ComplianceType": "INSUFFICIENT_DATA"}
        for name in _found(body["ConformancePackName"])["rules"]
    ]
    return {"ConformancePackName": body["ConformancePackName"], "ConformancePackRuleComplianceList": rules}


def _delete(body: Body) -> Body:
    name = body["ConformancePackName"]
    _replace_rules(_found(name), [])
    _packs.pop(name)
    return {}


def _found(name: str) -> Body:
    if name not in _packs:
        raise InvalidRequest(
            "NoSuchConformancePackException",
            f"The conformance pack '{name}' does not exist.",
        )
    found: Body = _packs[name]
    return found


def _ensure_role() -> None:
    """Make the role by which the service makes rules: the account's, which stays when the last pack goes."""
    if ROLE in iam._roles:
        return
    iam._create_service_linked_role({"AWSServiceName": SERVICE})
    role = iam._roles.pop("AWSServiceRoleForConfig-conforms")  # as ministack names it
    arn = role["Arn"].rpartition("/")[0] + f"/{ROLE}"
    iam._roles[ROLE] = role | {"RoleName": ROLE, "Arn": arn}
