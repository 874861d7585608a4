"""Every state that a page shows beside its name has a colour; nobody adds a state and forgets it."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from hub.access.proposals.rules import ProposalState
from hub.codes.plates.areas import PlateFilter
from hub.codes.rules import PlateState
from hub.codes.verification.words import OUTCOME_COLOURS, OUTCOME_WORDS
from hub.ends.enforcement.scanning import PICTURES
from hub.ends.government import colours
from hub.ends.government.plates import SHOWN, STEPS
from hub.ends.government.sources import BATCH_COLOURS, BATCH_STATES
from hub.ends.government.sources import BatchText as ShownBatch
from hub.ends.public.log import TONES
from hub.ends.public.position import ANSWERS
from hub.kernel.outcomes import Outcome
from hub.licenses.colours.rules import Colour
from hub.supervision.clones.geography import Nearness
from hub.supervision.clones.rules import SuspicionState
from hub.supervision.rules import ReportState
from hub.web.assets import STATUS_ICONS
from hub.web.notices import ALERTS


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (colours.PLATE_COLOURS, PlateState),
        (colours.PROPOSAL_COLOURS, ProposalState),
        (colours.REPORT_COLOURS, ReportState),
        (colours.SUSPICION_COLOURS, SuspicionState),
        (OUTCOME_COLOURS, Outcome),
        (OUTCOME_WORDS, Outcome),
        (PICTURES, Outcome),
        (TONES, Outcome),
        (ANSWERS, Nearness),
        (SHOWN, PlateFilter),
        (STATUS_ICONS, Colour),
    ],
)
def test_a_table_names_every_state(table: Mapping[str, object], states: type[StrEnum]) -> None:
    assert set(table) == set(states)


def test_every_state_of_a_batch_has_a_name_and_a_colour() -> None:
    assert set(BATCH_STATES) == set(BATCH_COLOURS)


def test_only_what_is_wrong_interrupts_a_screen_reader() -> None:
    assert [tone for tone, face in ALERTS.items() if face.role == "alert"] == ["bad"]


def test_rows_of_a_batch_are_counted_once_somebody_may_have_stored_them() -> None:
    counted = {state for state in BATCH_STATES if ShownBatch(state).is_counted}

    assert counted == {"loading", "done", "failed"}


def test_a_step_that_brings_a_plate_back_waits_for_a_second_person() -> None:
    assert {address for address, step in STEPS.items() if step.done is None} == {"resume", "found"}
