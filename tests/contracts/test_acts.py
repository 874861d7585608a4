"""Every kind of act that the hub puts on record has a name for the auditor."""

import re
from pathlib import Path

from hub.codes.rules import PlateAction
from hub.ends.government.acts import ACT_NAMES
from hub.supervision.rules import ReportAction

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
