"""Conformance packs: rules that come, change and go as one, and belong to the service that made them (C-03)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import LocalAws, Stacks
from drills import Aws, clear, refused, rolled_back
from templates.audit import PACK
from templates.parts import resource

ROLE = "AWSServiceRoleForConfigConforms"


@pytest.fixture
def config(client: Callable[..., Any]) -> Iterator[Any]:
    """Return an AWS Config that has a recorder and nothing else."""
    found = client("config")
    clear(found)
    role = Aws(client).role("config.amazonaws.com")
    found.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    yield found
    clear(found)


def rules(config: Any) -> dict[str, dict[str, Any]]:
    """Return the rules of packs, by the names that their templates give them."""
    found = config.describe_config_rules()["ConfigRules"]
    return {rule["ConfigRuleName"].partition("-conformance-pack-")[0]: rule for rule in found}


def rule(name: str, identifier: str = "EIP_ATTACHED", **more: Any) -> dict[str, Any]:
    """Return a rule of a template."""
    source = {"Owner": "AWS", "SourceIdentifier": identifier}
    return {"Type": "AWS::Config::ConfigRule", "Properties": {"ConfigRuleName": name, "Source": source, **more}}


def body(**resources: Any) -> str:
    return json.dumps({"Resources": resources})


def test_rules_of_a_pack_have_its_id_in_their_names_and_belong_to_the_service(config: Any) -> None:
    arn = config.put_conformance_pack(ConformancePackName="checks", TemplateBody=PACK)["ConformancePackArn"]
    identifier = arn.rpartition("/")[2]
    found = rules(config)
    assert sorted(found) == ["access-keys-rotated", "vpc-flow-logs-enabled"]
    rotated = found["access-keys-rotated"]
    assert rotated["ConfigRuleName"] == f"access-keys-rotated-{identifier}"
    assert json.loads(rotated["InputParameters"]) == {"maxAccessKeyAge": "90"}
    assert rotated["CreatedBy"] == "config-conforms.amazonaws.com"
    assert ":config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-" in rotated["ConfigRuleArn"]
    compliance = config.describe_conformance_pack_compliance(ConformancePackName="checks")
    names = [each["ConfigRuleName"] for each in compliance["ConformancePackRuleComplianceList"]]
    assert sorted(names) == sorted(each["ConfigRuleName"] for each in found.values())


def test_a_pack_that_is_put_again_keeps_the_rules_that_stay(config: Any) -> None:
    config.put_conformance_pack(ConformancePackName="checks", TemplateBody=body(A=rule("stays"), B=rule("goes")))
    before = rules(config)
    stays = rule("stays", InputParameters={"told": "more"})
    config.put_conformance_pack(ConformancePackName="checks", TemplateBody=body(A=stays, C=rule("comes")))
    after = rules(config)
    assert sorted(after) == ["comes", "stays"]
    assert after["stays"]["ConfigRuleId"] == before["stays"]["ConfigRuleId"]
    assert json.loads(after["stays"]["InputParameters"]) == {"told": "more"}


def test_two_packs_may_have_one_rule_and_the_account_another(config: Any) -> None:
    given = body(A=rule("attached"))
    for name in ("one", "two"):
        config.put_conformance_pack(ConformancePackName=name, TemplateBody=given)
    source = {"Owner": "AWS", "SourceIdentifier": "EIP_ATTACHED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "attached", "Source": source})
    config.delete_conformance_pack(ConformancePackName="one")
    names = [each["ConfigRuleName"] for each in config.describe_config_rules()["ConfigRules"]]
    assert len(names) == 2
    assert "attached" in names


def test_the_role_of_the_service_is_made_once_and_stays(config: Any, local: LocalAws) -> None:
    for name in ("one", "two"):
        config.put_conformance_pack(ConformancePackName=name, TemplateBody=PACK)
        config.delete_conformance_pack(ConformancePackName=name)
    role = local.client("iam").get_role(RoleName=ROLE)["Role"]
    assert role["Arn"].endswith(f":role/aws-service-role/config-conforms.amazonaws.com/{ROLE}")


def test_what_is_not_there_is_said(config: Any) -> None:
    gone = "NoSuchConformancePackException"
    refused(gone, config.delete_conformance_pack, ConformancePackName="none")
    refused(gone, config.describe_conformance_packs, ConformancePackNames=["none"])
    refused(gone, config.describe_conformance_pack_compliance, ConformancePackName="none")
    answer = config.describe_conformance_pack_status(ConformancePackNames=["none"])
    assert answer["ConformancePackStatusDetails"] == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("a: [", "Template format error"),
        ("[]", "Template format error"),
        ("Resources: {}", "At least one resource is required"),
        (body(A={"Type": "AWS::S3::Bucket"}), "A must be of type AWS::Config::ConfigRule"),
        (body(a_b=rule("one")), "Resource name a_b is non alphanumeric"),
        (body(A=rule("one"), B=rule("one")), "ConfigRuleName one is there twice"),
        (body(A={"Type": "AWS::Config::ConfigRule"}), "A must have ConfigRuleName, A must have Source"),
        (
            body(A=rule("one") | {"Properties": {"ConfigRuleName": "one", "Source": {"Owner": "AWS"}}}),
            "SourceIdentifier",
        ),
        (body(**{f"R{number}": rule(f"r{number}") for number in range(131)}), "exceeds the allowed limit"),
        (json.dumps({"Parameters": {}, "Resources": {"A": rule("one")}}), "Parameters is not known here"),
    ],
)
def test_a_malformed_template_is_refused_and_makes_nothing(config: Any, given: str, problem: str) -> None:
    put = config.put_conformance_pack
    code = "ConformancePackTemplateValidationException"
    assert problem in refused(code, put, ConformancePackName="checks", TemplateBody=given)
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []
    assert rules(config) == {}


def test_a_pack_needs_one_template_of_51200_bytes_and_a_name(config: Any) -> None:
    put = config.put_conformance_pack
    refused("InvalidParameterValueException", put, ConformancePackName="checks")
    refused(
        "InvalidParameterValueException", put, ConformancePackName="checks", TemplateBody=PACK, TemplateS3Uri="s3://b/k"
    )
    refused("ValidationException", put, ConformancePackName="1st", TemplateBody=PACK)
    long = body(A=rule("one", Description="é" * 25_600))
    refused("ValidationException", put, ConformancePackName="checks", TemplateBody=long)


def test_an_account_has_at_most_50_packs(config: Any) -> None:
    for number in range(50):
        config.put_conformance_pack(ConformancePackName=f"pack-{number}", TemplateBody=PACK)
    config.put_conformance_pack(ConformancePackName="pack-0", TemplateBody=PACK)
    exceeded = "MaxNumberOfConformancePacksExceededException"
    refused(exceeded, config.put_conformance_pack, ConformancePackName="one-more", TemplateBody=PACK)


def test_where_nothing_records_a_pack_fails_and_says_why(config: Any, stacks: Stacks) -> None:
    clear(config)
    config.put_conformance_pack(ConformancePackName="checks", TemplateBody=PACK)
    (status,) = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert status["ConformancePackState"] == "CREATE_FAILED"
    assert "NoAvailableConfigurationRecorderException" in status["ConformancePackStatusReason"]
    assert rules(config) == {}
    config.delete_conformance_pack(ConformancePackName="checks")

    pack = {"Pack": resource("Config::ConformancePack", ConformancePackName="checks", TemplateBody=PACK)}
    assert "NoAvailableConfigurationRecorderException" in rolled_back(stacks, pack)
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []


def test_a_stack_makes_changes_renames_and_takes_away_its_pack(config: Any, stacks: Stacks) -> None:
    def pack(name: str, *names: str) -> dict[str, Any]:
        template = body(**{each.title(): rule(each) for each in names})
        return {"Pack": resource("Config::ConformancePack", ConformancePackName=name, TemplateBody=template)}

    stacks.deploy("packed", pack("checks", "one", "two"))
    assert stacks.physical_id("packed", "Pack") == "checks"
    (before,) = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
    assert before["ConformancePackState"] == "CREATE_COMPLETE"
    stacks.deploy("packed", pack("checks", "two", "three"))
    (after,) = config.describe_conformance_packs()["ConformancePackDetails"]
    assert after["ConformancePackId"] == before["ConformancePackId"]
    assert sorted(rules(config)) == ["three", "two"]
    stacks.deploy("packed", pack("others", "two"))
    (renamed,) = config.describe_conformance_packs()["ConformancePackDetails"]
    assert renamed["ConformancePackName"] == "others"
    assert sorted(rules(config)) == ["two"]
    assert stacks.delete("packed") == "DELETE_COMPLETE"
    assert config.describe_conformance_packs()["ConformancePackDetails"] == []
    assert rules(config) == {}


def test_a_second_stack_does_not_take_a_pack_over(config: Any, stacks: Stacks) -> None:
    pack = {"Pack": resource("Config::ConformancePack", ConformancePackName="checks", TemplateBody=PACK)}
    stacks.deploy("first", pack)
    assert "already exists" in rolled_back(stacks, pack)
    assert len(rules(config)) == 2
    assert stacks.delete("first") == "DELETE_COMPLETE"
