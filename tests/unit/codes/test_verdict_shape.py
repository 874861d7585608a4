"""A verdict on the wire: the members promised, and nothing of an enterprise in a refusal."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from hub.codes.rules import CodeFacts, PlateState, judge
from hub.codes.verification.verdicts import (
    CodeFace,
    EnterpriseFace,
    LicenseFace,
    PremisesFace,
    answer,
    answer_genuine,
)
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour, ColourVerdict
from hub.registry.rules import EntityState, public_address
from schemas.verification import VerdictSchema as VerdictShape
from signing import CodeKind
from signing.errors import CodeSignatureError

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
BLUE = ColourVerdict(Colour.BLUE, "BL_OK")
FACE = CodeFace(
    judge(CodeFacts(kind=CodeKind.PLATE, plate=PlateState.MADE, business=BLUE)),
    "7K2M9QXT4R",
    EnterpriseFace("91330802MA2TEXT162", "衢州示例餐饮有限公司", EntityState.ACTIVE, Colour.BLUE, "BL_OK"),
    PremisesFace(UUID(int=1), "荷花店", "荷花一路12号"),
    (
        LicenseFace("T", Message("食品经营许可证", "Food"), "JY1", date(2027, 3, 1), Colour.YELLOW, "PM_DUE"),
        LicenseFace("U", Message("卫生许可证", "Health"), "W1", None, Colour.BLUE, "PM_OK"),
    ),
)


def test_a_genuine_code_is_told_in_the_promised_form() -> None:
    document = answer_genuine(FACE, CodeKind.PLATE, now=NOW).as_json()

    assert document == {
        "verdict": "valid",
        "genuine": True,
        "kind": "plate",
        "reasons": ["PLATE_ACTIVE", "BL_OK"],
        "message": document["message"],
        "checked_at": "2026-11-21T08:00:00Z",
        "status_as_of": "2026-11-21T08:00:00Z",
        "enterprise": {
            "uscc": "91330802MA2TEXT162",
            "name": "衢州示例餐饮有限公司",
            "status": "存续",
            "colour": "blue",
        },
        "premises": {"id": str(UUID(int=1)), "address": "荷花一路12号"},
        "licenses": [
            {
                "type": "食品经营许可证",
                "number": "JY1",
                "valid_to": "2027-03-01",
                "colour": "yellow",
                "reason": "PM_DUE",
            },
            {"type": "卫生许可证", "number": "W1", "valid_to": None, "colour": "blue", "reason": "PM_OK"},
        ],
    }
    assert VerdictShape().validate(document) == {}
    assert json.loads(answer_genuine(FACE, CodeKind.PLATE, now=NOW).as_text()) == document


@pytest.mark.parametrize("kind", CodeKind)
def test_the_text_of_a_verdict_is_what_its_members_are_written_as(kind: CodeKind) -> None:
    for seconds in (0, 1, 1.999999):  # the same face, told at several moments
        verdict = answer_genuine(FACE, kind, now=NOW + timedelta(seconds=seconds))
        written = json.dumps(verdict.as_json(), ensure_ascii=False, separators=(",", ":"))

        assert verdict.as_text() == written


@pytest.mark.parametrize(
    "facts",
    [CodeFacts.rejected(CodeSignatureError()), CodeFacts(kind=CodeKind.PLATE), CodeFacts(is_reachable=False)],
)
def test_a_code_that_is_not_believed_carries_no_enterprise(facts: CodeFacts) -> None:
    document = answer(facts, now=NOW).as_json()

    assert json.loads(answer(facts, now=NOW).as_text()) == document
    assert not {"enterprise", "premises", "licenses"} & set(document)
    assert document["status_as_of"] is None
    assert VerdictShape().validate(document) == {}


def test_a_genuine_code_cannot_be_answered_without_its_face() -> None:
    with pytest.raises(AssertionError):
        answer(CodeFacts(kind=CodeKind.PLATE, plate=PlateState.MADE, business=BLUE), now=NOW)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("浙江省衢州市柯城区荷花一路12号3幢402室", "浙江省衢州市柯城区荷花一路***"),
        ("衢江区石梁镇二十三号", "衢江区石梁镇***"),
        ("龙游县湖镇镇三号楼", "龙游县湖镇镇***"),
        ("柯城区荷花一路88号", "柯城区荷花一路***"),
        ("开化县芹阳街道某某村", "开化县芹阳街道某某村"),
    ],
)
def test_a_home_loses_its_house_number_and_a_shop_keeps_it(address: str, shown: str) -> None:
    assert public_address(address, is_residence=True) == shown
    assert public_address(address, is_residence=False) == address
