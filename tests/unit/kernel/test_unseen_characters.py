"""Codes and numbers pasted with what nobody sees: read as they are seen, or told apart from a wrong length."""

import pytest

from hub.kernel.identifiers import (
    IdentifierError,
    normalise_uscc,
    parse_license_id,
    parse_uscc,
)
from hub.kernel.visible_characters import without_unseen
from hub.licenses.catalogue.rules import normalise_number
from hub.registry.reading.texts import folded
from hub.registry.search import _query_words
from signing import normalise_plate_id

CODE = "91330802MA2TEXT162"
FOOD = "JY13308020001237"
PLATE = "7K2M9QXT4K"
LICENSE_ID = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
UNSEEN = [
    "\ufe0e", "\ufe0f", "\U000e0020", "\U000e0041", "\U000e007f", "\u202a", "\u202e", "\u2066", "\u2069", "\u061c",
    "\u180b", "\u180e", "\u180f", "\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u2061", "\u206a",
    "\ufff9", "\U000e0100", "\U000e01ef", "\u17b5", "\U0001d173", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff",
]  # fmt: skip


@pytest.mark.parametrize("mark", UNSEEN, ids=ascii)
@pytest.mark.parametrize("place", [0, 5, None])
def test_what_nobody_sees_counts_for_nothing_in_a_code_or_number(mark: str, place: int | None) -> None:
    def pasted(text: str) -> str:
        return mark + text if place == 0 else text + mark * 2 if place is None else text[:5] + mark + text[5:]

    assert str(parse_uscc(pasted(CODE))) == folded(pasted(CODE)) == CODE
    assert normalise_number(pasted(FOOD)) == FOOD
    assert str(parse_license_id(pasted(LICENSE_ID))) == LICENSE_ID
    assert normalise_number(pasted("浙餐证字[2026]第1号")) == "浙餐证字[2026]第1号"
    assert normalise_plate_id(without_unseen(pasted(PLATE))) == PLATE
    assert _query_words(pasted(CODE)) == [((CODE.casefold(),),)]
    assert _query_words(pasted("三衢小吃店商行")) == _query_words("三衢小吃店商行")


@pytest.mark.parametrize(
    "mark",
    ["\ufffc", "\ufffd", "\u0338", "\u20e3", "\u0488", "\u302a", "\ue000", "\x00", "\x1b", "\x7f", "\u2e80"],
    ids=ascii,
)
@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_uscc, CODE),
        (parse_license_id, "1.2.156.3005.2.A.B.C.001.D"),
    ],
)
def test_a_character_that_cannot_be_dropped_is_named_before_the_length(
    parse: type[object], text: str, mark: str
) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse(text[:4] + mark + text[4:])

    assert refused.value.reason == "CHARACTER_UNUSUAL"
    assert "看不见" in refused.value.message.zh
    assert "not seen" in refused.value.message.en
    assert refused.value.position == 4


def test_a_text_of_marks_alone_stays_too_short() -> None:
    assert normalise_uscc("".join(UNSEEN)) == ""
    with pytest.raises(IdentifierError) as refused:
        parse_uscc("".join(UNSEEN))
    assert refused.value.reason == "USCC_LENGTH"
