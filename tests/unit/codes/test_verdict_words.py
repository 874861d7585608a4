"""The largest word on an officer's screen says what is wrong."""

from datetime import UTC, datetime

import pytest

from hub.codes.rules import REASONS, CodeFacts, PlateState, Viewer, judge
from hub.codes.verification.verdicts import CodeFace, EnterpriseFace, answer, answer_genuine
from hub.codes.verification.words import OUTCOME_WORDS, VIEWER_NAMES, license_is_bad, verdict_word
from hub.kernel.outcomes import Outcome
from hub.kernel.verdicts import Statement
from hub.licenses.colours.rules import Colour, ColourVerdict
from hub.registry.rules import EntityState
from signing import CodeKind

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def rejected(reason: str) -> CodeFacts:
    return CodeFacts(rejection=Statement(reason, REASONS[reason]))


def test_every_outcome_and_viewer_has_a_word() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome)
    assert set(VIEWER_NAMES) == set(Viewer)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (rejected("CODE_SIGNATURE"), "不是真码"),
        (rejected("CODE_ALPHABET"), "不是真码"),
        (rejected("CODE_HOST"), "非官方码"),
        (rejected("CODE_EXPIRED"), "已过期"),
        (rejected("PLATE_ID_CHECK"), "编号有误"),
        (CodeFacts(CodeKind.DYNAMIC, is_used_up=True), "已用过"),
        (CodeFacts(CodeKind.PLATE, plate=PlateState.LOST), "码牌未在用"),
        (CodeFacts(is_reachable=False), "无法核验"),
    ],
)
def test_a_refused_code_is_told_by_its_reason(facts: CodeFacts, word: str) -> None:
    assert verdict_word(answer(facts, now=NOW)).zh == word


@pytest.mark.parametrize(
    "reason", sorted(code for code in REASONS if code.startswith(("CODE_", "PLATE_ID_")))
)
def test_no_refusal_is_without_a_word(reason: str) -> None:
    word = verdict_word(answer(rejected(reason), now=NOW))

    assert word.zh
    assert word.en


@pytest.mark.parametrize(
    ("colour", "reason", "word"),
    [
        (Colour.RED, "BL_REVOKED", "执照不可信赖"),
        (Colour.YELLOW, "BL_ABNORMAL", "需注意"),
        (Colour.BLUE, "BL_OK", "有效"),
    ],
)
def test_a_genuine_code_of_a_red_license_gets_no_mild_word(colour: Colour, reason: str, word: str) -> None:
    facts = CodeFacts(CodeKind.PLATE, plate=PlateState.PLACED, business=ColourVerdict(colour, reason))
    face = EnterpriseFace("91330802MA2TEXT162", "衢州示例餐饮有限公司", EntityState.ACTIVE, colour, reason)
    verdict = answer_genuine(CodeFace(judge(facts), "7K2M9QXT4R", face, None, ()), CodeKind.PLATE, now=NOW)

    assert verdict_word(verdict).zh == word
    assert license_is_bad(verdict) == (colour is Colour.RED)
