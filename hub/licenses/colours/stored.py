"""The colour kept with a license for counting; every single view computes it afresh."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypedDict

from hub.licenses.colours import facts
from hub.licenses.colours.rules import next_change, permit_colour
from hub.licenses.reference.rules import Reference
from hub.licenses.rules import LicenseState
from hub.registry.rules import EntityState

VERDICTS_KEPT = 32_768  # many licenses of one kind begin and end on the same days


class LicenseDays(NamedTuple):
    """The days of a license on which its colour depends; None: there is no such day."""

    valid_from: date | None
    valid_to: date | None
    inspection_due: date | None


class ColourColumns(TypedDict):
    colour: str
    colour_reason: str
    colour_until: date | None


@lru_cache(maxsize=VERDICTS_KEPT)
def colour_columns(  # all of them decide the colour, and each is part of the cache's key
    *,
    type_code: str,
    state: LicenseState,
    entity_state: EntityState,
    days: LicenseDays,
    on: date,
    reference: Reference,
) -> ColourColumns:
    """Colour, reason and the first later day on which they must be computed again."""
    permit = facts.permit_facts(
        type_code=type_code,
        state=state,
        entity_state=entity_state,
        **days._asdict(),
        reference=reference,
    )
    verdict = permit_colour(permit, on)
    return {
        "colour": verdict.colour.value,
        "colour_reason": verdict.reason,
        "colour_until": next_change(permit, on),
    }
