"""What an event may hold: values with one canonical text, and nobody's name."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from hub.kernel.actor import Actor, Operator, Role
from hub.trust.record.events import MAX_DATA_CHARS, EventDataError, canonical, pseudonym


def test_members_are_sorted_and_written_without_spaces() -> None:
    assert (
        canonical({"b": [1, True, None], "a": {"y": "证", "x": -2}})
        == '{"a":{"x":-2,"y":"证"},"b":[1,true,null]}'
    )


@pytest.mark.parametrize(
    "data",
    [
        {"amount": 1.5},
        {"big": 2**53},
        {"bytes": b"x"},
        {"证": 1},
        {"text": "\ud800"},
        {"inner": [{"phone": "13800000000"}]},
        {"address": "somewhere"},
        {"long": "x" * (MAX_DATA_CHARS + 1)},
    ],
    ids=lambda data: next(iter(data)),
)
def test_data_without_a_canonical_text_or_about_a_person_is_refused(data: Mapping[str, object]) -> None:
    with pytest.raises(EventDataError):
        canonical(data)


def test_a_person_is_recorded_by_role_and_id_never_by_name() -> None:
    person = UUID(int=7)

    assert pseudonym(Actor(person, "王小明", Role.OFFICIAL)) == f"official:{person}"
    assert pseudonym(Operator("hub")) == "operator:hub"
