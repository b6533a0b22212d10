"""IAM roles in templates: CloudFormation deletes a role only if nothing outside the template still holds on to it."""

from .gate import Props, on_delete
from .refusal import Refusal, Rule

RULES = (
    Rule(
        "role-in-use",
        "a role goes only without foreign policies and instance profiles (DeleteConflict)",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html",
    ),
)

TOUCHED: list[tuple[str, str]] = [
    ("ministack.services.iam", "_roles"),
    ("ministack.services.iam", "_instance_profiles"),
]


@on_delete("iam", "AWS::IAM::Role")
def _check_role(name: str, props: Props) -> None:
    from ministack.services import iam

    role = iam._roles.get(name)
    if role is None:
        return
    own = {policy.get("PolicyName") for policy in props.get("Policies") or []}
    if set(role.get("AttachedPolicies") or ()) - set(props.get("ManagedPolicyArns") or ()):
        raise _conflict("Cannot delete entity, must detach all policies first.")
    if set(role.get("InlinePolicies") or ()) - own:
        raise _conflict("Cannot delete entity, must delete policies first.")
    if any(name in profile.get("Roles", ()) for profile in iam._instance_profiles.values()):
        raise _conflict("Cannot delete entity, must remove roles from instance profile first.")


def _conflict(message: str) -> Refusal:
    return Refusal("DeleteConflict", message, status=409)
