"""Shapes at their limits: what is just taken, what is just refused, and under which member the fault stands."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from schemas import access, bundle, credentials, enforcement, enterprise, positions, verification
from schemas.plates import PlateRequestSchema

USCC = "91330802MA2TEXT162"
UUID = "00000000-0000-0000-0000-000000000001"


def faults(shape: Schema, sent: dict[str, Any]) -> set[str]:
    """The members that a shape refuses."""
    found = shape.validate(sent)
    assert isinstance(found, dict)
    return {str(name) for name in found}


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        ({"code": "x"}, set()),
        ({"receipt": "x"}, set()),
        ({"credential": "x"}, set()),
        ({"credential": "x", "audience": "a", "nonce": "n"}, set()),
        ({"credential": "x", "audience": "a" * 300, "nonce": "n" * 300}, set()),
        ({}, {"_schema"}),
        ({"code": "x", "receipt": "y"}, {"_schema"}),
        ({"credential": "x", "audience": "a"}, {"nonce"}),
        ({"credential": "x", "nonce": "n"}, {"nonce"}),
        ({"code": "x", "audience": "a", "nonce": "n"}, {"audience"}),
        ({"credential": "x", "audience": "a" * 301, "nonce": "n"}, {"audience"}),
        ({"credential": "x", "audience": "", "nonce": ""}, {"audience", "nonce"}),
        ({"code": "x", "algorithms": []}, {"algorithms"}),
        ({"code": "x", "algorithms": ["ES256", "SM2"]}, set()),
        ({"code": "x", "algorithms": ["ES256", "SM2", "SM2"]}, {"algorithms"}),
        ({"code": "x", "algorithms": ["RS256"]}, {"algorithms"}),
        ({"code": "x", "more": 1}, {"more"}),
        ({"code": 1}, {"code"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "-".join(sorted(value)),
)
def test_exactly_one_thing_is_verified(sent: dict[str, Any], refused: set[str]) -> None:
    assert faults(verification.VerificationRequestSchema(), sent) == refused


@pytest.mark.parametrize(
    ("count", "refused"), [(0, {"items"}), (1, set()), (1_000, set()), (1_001, {"items"})]
)
def test_a_batch_has_one_to_a_thousand_items(count: int, refused: set[str]) -> None:
    assert faults(verification.VerificationBatchSchema(), {"items": [{"code": "x"}] * count}) == refused


@pytest.mark.parametrize(
    ("shape", "member", "taken", "refused"),
    [
        (
            enterprise.UsccPathSchema(),
            "uscc",
            [USCC],
            [USCC[:17], USCC + "0", USCC + "\n", USCC[:17] + "I", ""],
        ),
        (credentials.CredentialPathSchema(), "subject", [USCC, UUID, "a"], ["", "a" * 37, "a_b", "a\n"]),
        (
            credentials.HolderKeyPathSchema(),
            "thumbprint",
            ["-_aZ9" * 8 + "abc"],
            ["a" * 42, "a" * 44, "+" * 43],
        ),
        (bundle.BundleQuerySchema(), "region", ["", "330802"], ["33080", "3308021", "33080a", "330802\n"]),
        (
            access.SessionChoiceSchema(),
            "session",
            ["0f" * 32],
            ["0F" * 32, "0" * 63, "0" * 65, "0" * 64 + "\n"],
        ),
        (access.PasskeyLabelSchema(), "label", ["手机", "a" * 60], ["", "a" * 61, "a\nb", "a\x7f", "\ud800"]),
        (enforcement.TypedPlateSchema(), "plate", ["1", "1" * 60], ["", "1" * 61]),
        (enforcement.ScannedTextSchema(), "text", ["", "x" * 4_000], ["x" * 4_001]),
        (PlateRequestSchema(partial=("premises_id",)), "algorithm", ["ES256", "SM2"], ["", "es256", "RS256"]),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_member_is_taken_up_to_its_limits(
    shape: Schema, member: str, taken: list[str], refused: list[str]
) -> None:
    assert [text for text in taken if faults(shape, {member: text})] == []
    assert [text for text in refused if faults(shape, {member: text}) != {member}] == []


@pytest.mark.parametrize(
    ("member", "taken", "refused"),
    [
        ("latitude", [-90, 0, 90], [-90.001, 90.001, "north"]),
        ("longitude", [-180, 0, 180], [-180.001, 180.001, None]),
        ("accuracy", [0, 10_000_000], [-1, 10_000_001, "nan"]),
    ],
)
def test_a_position_lies_on_the_earth(member: str, taken: list[Any], refused: list[Any]) -> None:
    right = {"latitude": 28.9, "longitude": 118.8, "accuracy": 20}
    shape = positions.PhonePositionSchema()

    assert [value for value in taken if faults(shape, right | {member: value})] == []
    assert [value for value in refused if faults(shape, right | {member: value}) != {member}] == []


def test_what_is_left_out_has_the_value_of_its_absence() -> None:
    assert bundle.BundleQuerySchema().load({}) == {"region": ""}
    assert access.PasskeyAnswerSchema().load({"credential": {}}) == {
        "credential": {},
        "label": "Passkey",
        "next": "",
    }
    look = enterprise.LookRequestSchema().load({"uscc": USCC, "purpose": "routine"})
    assert look == {"uscc": USCC, "purpose": "routine", "reason": ""}
    with pytest.raises(ValidationError):
        enterprise.LookRequestSchema().load({"uscc": USCC, "purpose": "curiosity"})
