import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.errors import InvalidInputError
from hub.registry.scope.loader import load_catalogue
from hub.registry.scope.pieces import GENERAL_TAIL, LICENSED_TAIL, MarkKind, Section
from hub.registry.scope.rules import (
    ALIAS_CONFIDENCE,
    BASE_CONFIDENCE,
    KEYWORD_CONFIDENCE,
    MAX_ITEM_CHARS,
    MAX_SCOPE_CHARS,
    MatchKind,
    ParsedScope,
    ScopeTooLongError,
    national_text,
    parse_scope,
)
from hub.registry.scope.text import bracket_spans, fold_scope, item_key
from tests.support.scopes import needs_review

CATALOGUE = load_catalogue()
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "scopes.json").read_text(encoding="utf-8"))
SEPARATORS = set(";。、, .\n\r\t\v\f\x85\u2028\u2029\u200b\ufeff→*※■★#")
ITEM_NAMES = [item.name for item in CATALOGUE.items]
SPELLINGS = ITEM_NAMES + [alias for item in CATALOGUE.items for alias in item.aliases]
FRAGMENTS = [
    "一般项目:",
    "许可经营项目：",
    "经营范围:",
    f"({GENERAL_TAIL})",
    f"（{LICENSED_TAIL}）。",
    "(凭有效许可证经营)",
    "凭许可证经营",
    "1、",
    "（二）",
    "③",
    "无",
    "销售",
    "及销售",
    *"；;、,，。 \n()（）[【》.无/凭\u200b\u3000①甲A1",
]


def assert_covers(parsed: ParsedScope, text: str) -> None:
    """Every character in exactly one line or mark, and no mark that hides an item."""
    stretches = sorted(
        [(line.start, line.end) for line in parsed.lines] + [(mark.start, mark.end) for mark in parsed.marks]
    )
    assert all(start < end for start, end in stretches)
    assert [0, *(end for _, end in stretches)] == [*(start for start, _ in stretches), len(text)]
    for line in parsed.lines:
        assert line.text == text[line.start : line.end]
    for mark in parsed.marks:
        if mark.kind is MarkKind.SEPARATOR:
            assert set(fold_scope(text[mark.start : mark.end])) <= SEPARATORS
    assert [line.start for line in parsed.lines] == sorted(line.start for line in parsed.lines)


def found(parsed: ParsedScope) -> list[dict[str, Any]]:
    return [
        {
            "text": line.text,
            "section": line.section.value,
            "item": CATALOGUE.find(line.item_code).name if line.item_code else None,
            "match": line.match.value,
        }
        for line in parsed.lines
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["case"])
def test_every_written_scope_is_read_as_written_down(vector: dict[str, Any]) -> None:
    parsed = parse_scope(vector["text"], CATALOGUE)

    assert vector["provenance"]
    assert found(parsed) == vector["lines"]
    assert_covers(parsed, vector["text"])


@given(st.lists(st.sampled_from(SPELLINGS + FRAGMENTS * 8), max_size=30).map("".join))
def test_nothing_of_a_scope_like_text_is_dropped_or_counted_twice(text: str) -> None:
    assert_covers(parse_scope(text, CATALOGUE), text)


@given(st.text(max_size=200))
def test_nothing_of_any_text_is_dropped_or_counted_twice(text: str) -> None:
    assert_covers(parse_scope(text, CATALOGUE), text)


@given(st.lists(st.sampled_from(CATALOGUE.items), min_size=1, max_size=12, unique=True))
def test_the_national_text_of_items_reads_back_as_those_items(items: list[Any]) -> None:
    text = national_text(items)
    parsed = parse_scope(text, CATALOGUE)

    assert {line.item_code for line in parsed.lines} == {item.code for item in items}
    assert all(line.match is MatchKind.EXACT for line in parsed.lines)
    assert all(
        line.section.value == f"{CATALOGUE.find(line.item_code or '').nature.value}项目"
        for line in parsed.lines
    )
    assert not needs_review(parsed)
    assert_covers(parsed, text)


@given(
    st.lists(st.sampled_from(ITEM_NAMES), min_size=1, max_size=8, unique=True), st.sampled_from("、，；\n")
)
def test_names_parted_by_any_separator_are_found_whole(names: list[str], separator: str) -> None:
    parsed = parse_scope(separator.join(names), CATALOGUE)

    assert [line.text for line in parsed.lines] == names
    assert {line.confidence for line in parsed.lines} == {1.0}


def test_the_national_text_is_in_full_width_and_leaves_out_an_empty_section() -> None:
    items = [CATALOGUE.names[item_key(name)] for name in ("食品销售(仅销售预包装食品)", "软件开发")]

    assert national_text(items[1:]) == f"一般项目：软件开发（{GENERAL_TAIL.replace(',', '，')}）。"
    assert national_text(items[:1]).startswith("一般项目：食品销售（仅销售预包装食品）（")
    assert national_text([]) == ""


def test_confidence_says_how_a_line_was_found() -> None:
    text = "软件开发;软件研发;食品销售(不含冷藏食品);中式快餐;甲乙丙丁"
    parsed = parse_scope(text, CATALOGUE)

    assert [line.confidence for line in parsed.lines] == [
        1.0,
        ALIAS_CONFIDENCE,
        BASE_CONFIDENCE,
        KEYWORD_CONFIDENCE,
        0.0,
    ]
    assert needs_review(parsed)
    assert len({line.item_code for line in parsed.lines} - {None}) == 3


def test_marks_say_why_a_stretch_is_no_item() -> None:
    text = f"许可项目：无。一般项目：1、软件开发({GENERAL_TAIL})"
    kinds = [mark.kind for mark in parse_scope(text, CATALOGUE).marks]

    assert kinds == [
        MarkKind.HEADING,
        MarkKind.NONE_STATED,
        MarkKind.SEPARATOR,
        MarkKind.HEADING,
        MarkKind.NUMBERING,
        MarkKind.BOILERPLATE,
    ]


def test_a_standing_phrase_with_more_in_its_bracket_is_kept_as_text() -> None:
    text = "日用品零售(凭许可证经营,不含烟花爆竹)"
    parsed = parse_scope(text, CATALOGUE)

    assert [line.text for line in parsed.lines] == [text]


def test_a_heading_without_a_kind_states_no_section() -> None:
    parsed = parse_scope("经营范围:软件开发;前置许可经营项目:食品销售", CATALOGUE)

    assert [line.section for line in parsed.lines] == [Section.UNSTATED, Section.LICENSED]


def test_a_scope_over_the_limit_is_refused_with_a_sentence() -> None:
    assert parse_scope("软" * MAX_SCOPE_CHARS, CATALOGUE).lines[0].match is MatchKind.UNMATCHED
    with pytest.raises(ScopeTooLongError) as refusal:
        parse_scope("软" * (MAX_SCOPE_CHARS + 1), CATALOGUE)

    assert isinstance(refusal.value, InvalidInputError)
    assert refusal.value.reason == "SCOPE_TOO_LONG"
    assert str(MAX_SCOPE_CHARS) in refusal.value.message.zh
    assert str(MAX_SCOPE_CHARS) in refusal.value.message.en


def test_a_line_too_long_for_an_item_is_not_guessed_at() -> None:
    line = parse_scope("快餐" * MAX_ITEM_CHARS, CATALOGUE).lines[0]

    assert (line.match, line.item_code) == (MatchKind.UNMATCHED, None)


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 100_000,
        "()" * 50_000,
        "([" * 25_000 + ")]" * 25_000,
        "凭" * 100_000,
        "凭许可证" * 25_000,
        " " * 100_000,
        "甲 " * 50_000,
        "、" * 100_000,
        "一、" * 50_000,
        "依法须经批准的项目" * 11_000,
        "一般项目:" * 20_000,
        "技术服务、" * 20_000,
        "除依法须经批准的项目外," * 8_000,
    ],
    ids=lambda text: f"{text[:6]}…",
)
def test_a_hostile_text_is_covered_like_any_other(hostile: str) -> None:
    # Finishing at all is the point: anything worse than linear in a hundred thousand characters would not.
    assert_covers(parse_scope(hostile, CATALOGUE), hostile)


def test_equal_texts_are_parsed_once() -> None:
    text = "软件开发;文具零售;equal"

    assert parse_scope(text, CATALOGUE) is parse_scope(text, CATALOGUE)


def test_outermost_brackets_are_paired_and_strays_open_nothing() -> None:
    assert bracket_spans("甲(乙(丙)丁)戊") == {1: 8}
    assert bracket_spans("甲(乙;丙(丁)") == {5: 8}
    assert bracket_spans("甲)乙(丙") == {}
    assert bracket_spans("([)]") == {0: 4}
    assert bracket_spans("(甲)【乙】") == {0: 3, 3: 6}


@given(st.text())
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold_scope(text)) == len(text)
    assert fold_scope(fold_scope(text)) == fold_scope(text)
