"""Who stands on record for an act, as the pages say it."""

from uuid import UUID

from hub.access.rules import ROLE_NAMES
from hub.ends.government.doers import doer_of
from hub.kernel.actor import Role

PERSON = f"official:{UUID(int=7)}"


def test_a_known_person_goes_by_name_and_role() -> None:
    doer = doer_of(PERSON, {PERSON: "王建国"})

    assert (doer.name, doer.capacity, doer.is_known) == ("王建国", ROLE_NAMES[Role.OFFICIAL], True)


def test_a_person_who_is_not_known_goes_by_what_the_record_holds() -> None:
    doer = doer_of(PERSON, {})

    assert (doer.name, doer.capacity, doer.is_known) == (str(UUID(int=7)), ROLE_NAMES[Role.OFFICIAL], False)


def test_a_mark_that_names_no_capacity_of_ours_stands_as_it_is() -> None:
    doer = doer_of("somebody:else", {})

    assert (doer.name, doer.capacity) == ("somebody:else", None)
