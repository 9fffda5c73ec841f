"""``scripts/model-changes``: every kind of change in the service's model is found, and laid at the right class's door."""

from __future__ import annotations

import copy
import gzip
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import botocore
import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = Path(str(botocore.__file__)).parent
SCRIPT: Final = runpy.run_path(str(ROOT / "scripts" / "_model_changes.py"), run_name="_model_changes")
MODEL: Final[Any] = json.loads(gzip.decompress((PACKAGE / f"{SCRIPT['MODEL']}.gz").read_bytes()))

Shapes = dict[str, Any]


def compared(tmp_path: Path, change: Callable[[Any], object]) -> list[str]:
    """What is said when the model is changed so."""
    new = copy.deepcopy(MODEL)
    change(new)
    path = tmp_path / "service-2.json"
    path.write_text(json.dumps(new))
    return [str(each) for each in SCRIPT["changes"](SCRIPT["load"](PACKAGE), SCRIPT["load"](path))]


def shape(name: str) -> Callable[[Any], Any]:
    return lambda model: model["shapes"][name]


def test_nothing_changed(tmp_path: Path) -> None:
    assert compared(tmp_path, lambda model: None) == []


def add_operation(model: Any) -> None:
    model["operations"]["ListFriends"] = {**model["operations"]["ListGroups"], "name": "ListFriends"}


def add_structure(model: Any) -> None:
    model["shapes"]["NewType"] = {"type": "structure", "members": {"Deep": {"shape": "StringType"}}}
    model["shapes"]["ListGroupsRequest"]["members"]["New"] = {"shape": "NewType"}


GROUPS: Final = "cognito_auth.api.groups"
CHANGES: Final[dict[str, tuple[Callable[[Any], object], list[str]]]] = {
    "operation-added": (add_operation, ["ListFriends: added"]),
    "operation-removed": (
        lambda model: model["operations"].pop("ListGroups"),
        [f"ListGroups: removed  <- {GROUPS}.ListGroups"],
    ),
    "operation-without-a-class-removed": (
        lambda model: model["operations"].pop("GetProvisionedLimit"),
        ["GetProvisionedLimit: removed"],
    ),
    "member-added": (
        lambda model: shape("ListGroupsRequest")(model)["members"].update(Filter={"shape": "StringType"}),
        [f"ListGroups: input.Filter added (string, max 131072, min 0)  <- {GROUPS}.ListGroups"],
    ),
    "member-removed": (
        lambda model: shape("ListGroupsResponse")(model)["members"].pop("NextToken"),
        [f"ListGroups: output.NextToken removed (was string, max 131072, min 1, pattern [\\S]+)  <- {GROUPS}.ListGroupsReply"],
    ),
    "structure-added": (add_structure, [f"ListGroups: input.New added (structure)  <- {GROUPS}.ListGroups"]),
    "member-required": (
        lambda model: shape("ListGroupsRequest")(model)["required"].append("Limit"),
        [f"ListGroups: input.Limit was integer, max 60, min 0, is integer, required, max 60, min 0  <- {GROUPS}.ListGroups"],
    ),
    "error-added": (
        lambda model: model["operations"]["ListGroups"]["errors"].append({"shape": "UserNotFoundException"}),
        [f"ListGroups: error UserNotFoundException added (declared)  <- {GROUPS}.ListGroups"],
    ),
    "error-removed": (
        lambda model: model["operations"]["ListGroups"]["errors"].remove({"shape": "NotAuthorizedException"}),
        [f"ListGroups: error NotAuthorizedException removed (was declared)  <- {GROUPS}.ListGroups"],
    ),
    "no-longer-signed": (
        lambda model: model["operations"]["ListGroups"].update(auth=["smithy.api#noAuth"], authtype="none"),
        [f"ListGroups: signature was required, is none  <- {GROUPS}.ListGroups"],
    ),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_found(tmp_path: Path, change: Callable[[Any], object], said: list[str]) -> None:
    assert compared(tmp_path, change) == said


def test_a_value_of_an_enumeration(tmp_path: Path) -> None:
    said = compared(tmp_path, lambda model: shape("MessageActionType")(model)["enum"].append("WHISPER"))
    assert said == ["AdminCreateUser: input.MessageAction = WHISPER added (a value)  <- cognito_auth.api.users.AdminCreateUser"]


def test_a_constraint_is_laid_at_every_class_that_has_it(tmp_path: Path) -> None:
    said = compared(tmp_path, lambda model: shape("AttributeNameType")(model).update(max=64))
    nested = [line for line in said if line.startswith("ListUsers: output.Users.[].Attributes.[].Name was ")]
    assert len(nested) == 1
    assert "max 32" in nested[0].partition(" is ")[0]
    assert "max 64" in nested[0].partition(" is ")[2]
    assert nested[0].endswith("  <- cognito_auth.api.types.Attribute")
    assert any(line.startswith("ListUsers: input.AttributesToGet.[] was") for line in said)


def test_a_member_deep_within(tmp_path: Path) -> None:
    said = compared(tmp_path, lambda model: shape("UserType")(model)["members"].update(Shoe={"shape": "StringType"}))
    assert said
    for line in said:
        assert (
            line.endswith("User.Shoe added (string, max 131072, min 0)  <- cognito_auth.api.types.User")
            or "Users.[].Shoe" in line
        )
    assert {line.partition(":")[0] for line in said} == {"AdminCreateUser", "ListUsers", "ListUsersInGroup"}


def test_where_a_model_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "botocore" / Path(SCRIPT["MODEL"]).parent
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(MODEL))
    for path in (tmp_path, tmp_path / "botocore", folder / "service-2.json", PACKAGE):
        assert "ListUsers" in SCRIPT["load"](path).operation_names
