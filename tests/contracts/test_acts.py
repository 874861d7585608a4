"""Every kind of act that the hub puts on record, and every detail of it, has a name for the auditor."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hub.codes.rules import PlateAction
from hub.ends.government.act_details import DETAIL_NAMES, DETAIL_WORDS
from hub.feeds.reasons import REASONS
from hub.steward.act_names import ACT_NAMES
from hub.supervision.rules import ReportAction
from keys import KeyState, Purpose

ROOT = Path(__file__).parents[2]
_KIND = re.compile(r'(?:kind=|_record\(session, |^(?:STARTED|LOADED) = )"([a-z]+\.[a-z_]+)"', re.MULTILINE)


def kinds_in_code() -> set[str]:
    return {
        kind
        for path in (ROOT / "hub").rglob("*.py")
        for kind in _KIND.findall(path.read_text(encoding="utf-8"))
    }


def test_every_kind_of_act_in_the_code_has_a_name() -> None:
    assert len(kinds_in_code()) > 8
    assert kinds_in_code() - set(ACT_NAMES) == set()


def test_every_step_of_plates_and_reports_has_a_name() -> None:
    steps = {f"plate.{action}" for action in PlateAction if action is not PlateAction.MAKE}
    steps |= {f"report.{action}" for action in ReportAction}

    assert steps <= set(ACT_NAMES)


def details_in_code() -> set[str]:
    """The members that modules which record acts write out: as `data=`, or in a dict of that name before."""
    return {
        key.value
        for path in (ROOT / "hub").rglob("*.py")
        if "events.record(" in (text := path.read_text(encoding="utf-8"))
        for written in _data_of(ast.parse(text))
        for key in written.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _data_of(tree: ast.Module) -> Iterator[ast.Dict]:
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="data", value=ast.Dict() as written):
                yield written
            case ast.Assign(targets=[ast.Name(id="data" | "link")], value=ast.Dict() as written):
                yield written


def test_every_detail_of_acts_in_the_code_has_a_name() -> None:
    assert {"until", "sha256", "vkeys", "holder"} <= details_in_code()
    assert details_in_code() - set(DETAIL_NAMES) == set()


def test_every_reason_for_which_rows_are_refused_has_a_name_among_the_details() -> None:
    assert {f"refused.{reason}" for reason in REASONS} <= set(DETAIL_NAMES)


def test_every_state_and_purpose_of_keys_has_a_word_among_the_details() -> None:
    assert set(KeyState) <= set(DETAIL_WORDS["state"])
    assert set(Purpose) <= set(DETAIL_WORDS["purpose"])
