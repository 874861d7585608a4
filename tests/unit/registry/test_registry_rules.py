import csv
from pathlib import Path

import pytest

from hub.registry.faces import FACE_FIELDS
from hub.registry.rules import (
    MAX_NAME_CHARS,
    STATES,
    EntityState,
    EntityType,
    Overlay,
    entity_type,
    name_problem,
    normalise_name,
    parse_state,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "registration_states.csv"


def state_vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", state_vectors(), ids=lambda row: row["text"])
def test_a_department_word_becomes_the_canonical_state(row: dict[str, str]) -> None:
    state = parse_state(row["text"])

    assert (state.value if state else "") == row["state"]


def test_a_state_written_with_other_brackets_spaces_and_widths_is_the_same_state() -> None:
    for text in ("存续（在营、开业、在册）", "存续 (在营,开业,在册)", " 存续【在营；开业；在册】\n"):
        assert parse_state(text) is EntityState.ACTIVE
    assert parse_state("吊销，未注销") is parse_state("吊销（未注销）") is EntityState.REVOKED


def test_a_word_never_seen_is_not_guessed_and_a_long_one_not_read() -> None:
    assert parse_state("很好") is None
    assert parse_state("") is None
    assert parse_state("注销?") is None
    assert parse_state("存续" + " " * 100_000) is None


def test_every_state_has_one_row_and_says_whether_the_enterprise_lives() -> None:
    assert [row.state for row in STATES] == list(EntityState)
    alive = {state.value for state in EntityState if state.alive}
    ended = {state.value for state in EntityState if state.ended}

    assert alive == {"存续", "歇业", "清算中", "责令关闭", "吊销未注销"}
    assert ended == {"吊销已注销", "注销", "撤销登记", "迁出"}


def test_a_state_that_waits_for_a_person_is_neither_alive_nor_ended() -> None:
    assert parse_state("停业") is EntityState.UNCONFIRMED
    assert not EntityState.UNCONFIRMED.alive
    assert not EntityState.UNCONFIRMED.ended


def test_states_overlays_and_types_are_named_in_both_languages() -> None:
    for word in (*EntityState, *Overlay, *EntityType):
        assert word.label.zh == word.value
        assert word.label.en.isascii()


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("91", "有限责任公司(自然人投资或控股)", EntityType.COMPANY),
        ("91", "有限责任公司（自然人独资）", EntityType.COMPANY),
        ("91", "股份有限公司(上市)", EntityType.COMPANY),
        ("91", "有限责任公司分公司(自然人投资或控股)", EntityType.BRANCH),
        ("91", "个人独资企业", EntityType.SOLE_PROPRIETORSHIP),
        ("91", "个人独资企业分支机构", EntityType.BRANCH),
        ("91", "有限合伙企业", EntityType.PARTNERSHIP),
        ("91", "特殊普通合伙企业", EntityType.PARTNERSHIP),
        ("91", "全民所有制", EntityType.NON_COMPANY),
        ("91", "非公司企业法人", EntityType.NON_COMPANY),
        ("91", "集体所有制(股份合作制)", EntityType.NON_COMPANY),
        ("92", "", EntityType.SELF_EMPLOYED),
        ("92", "个体工商户", EntityType.SELF_EMPLOYED),
        ("93", "农民专业合作社", EntityType.COOPERATIVE),
        ("93", "农民专业合作社分支机构", EntityType.BRANCH),
        ("91", "", EntityType.OTHER),
        ("91", "个体工商户", EntityType.OTHER),
        ("12", "事业单位", EntityType.OTHER),
        ("", "", EntityType.OTHER),
    ],
)
def test_the_kind_of_enterprise_follows_code_and_text(code: str, text: str, expected: EntityType) -> None:
    assert entity_type(code + "330802MA2TEXT162"[: len(code) * 8], text) is expected


def test_the_face_of_each_kind_is_labelled_by_its_law() -> None:
    assert set(FACE_FIELDS) == set(EntityType)
    assert FACE_FIELDS[EntityType.COMPANY].money.zh == "注册资本"  # type: ignore[union-attr]
    assert FACE_FIELDS[EntityType.PARTNERSHIP].person.zh == "执行事务合伙人"
    assert FACE_FIELDS[EntityType.PARTNERSHIP].address.zh == "主要经营场所"
    assert FACE_FIELDS[EntityType.SELF_EMPLOYED].money is None
    assert FACE_FIELDS[EntityType.SELF_EMPLOYED].form.zh == "组成形式"  # type: ignore[union-attr]
    assert FACE_FIELDS[EntityType.BRANCH].person.en == "Person in charge"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("衢州市信安软件科技有限公司", None),
        (" 衢州（柯城）饮食店\n", None),
        ("𠮷野家饮食店", None),
        ("", "NAME_MISSING"),
        (" \u3000\t", "NAME_MISSING"),
        ("衢州\u202e假冒\u202c有限公司", "NAME_CONTROL_CHARACTERS"),
        ("衢州\u200b饮食店", "NAME_CONTROL_CHARACTERS"),
        ("\ufeff衢州饮食店", "NAME_CONTROL_CHARACTERS"),
        ("衢州\x00饮食店", "NAME_CONTROL_CHARACTERS"),
        ("衢州\n饮食店", "NAME_CONTROL_CHARACTERS"),
        ("衢州\u2028饮食店", "NAME_CONTROL_CHARACTERS"),
        ("衢州\ud800饮食店", "NAME_CONTROL_CHARACTERS"),
        ("店" * MAX_NAME_CHARS, None),
        ("店" * (MAX_NAME_CHARS + 1), "NAME_TOO_LONG"),
        ("\ufdfa" * 20, "NAME_TOO_LONG"),  # one character that NFKC makes eighteen
    ],
)
def test_a_name_is_refused_for_what_cannot_be_seen(name: str, expected: str | None) -> None:
    assert name_problem(name) == expected


def test_names_are_compared_in_one_width() -> None:
    assert normalise_name("衢州（柯城）Ａ店\u3000") == "衢州(柯城)A店"
