"""The whole space of an enterprise from the real database."""

from datetime import date, timedelta

import pytest

from hub.access.matrix import MATRIX, Audience
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import NotAllowedError, NotFoundError
from hub.kernel.ids import new_id
from hub.licenses import queries
from hub.licenses.colours.rules import Colour
from hub.licenses.space import Space
from hub.licenses.todos import DueKind, TodoKind
from hub.registry.rules import Overlay
from hub.steward.queries import enterprise_overview
from hub.steward.rules import TaskGoal
from tests.support.plates import NOW, OFFICER, OTHER_USCC, OWNER, USCC, add_enterprise, add_license
from tests.support.reference import REFERENCE
from tests.support.spaces import add_space, counted_statements

TODAY = date(2026, 11, 21)
MOST_STATEMENTS = 8


def space_of(db: Database, uscc: str = USCC, *, on: date = TODAY) -> Space:
    with db.read() as session:
        return queries.space(
            session, uscc, on=on, clearance=MATRIX.clearance(Audience.ENTERPRISE), reference=REFERENCE
        )


def test_colours_are_computed_for_the_day_and_not_read_from_the_column(any_db: Database) -> None:
    add_space(any_db)

    before = space_of(any_db, on=date(2026, 6, 1))
    after = space_of(any_db, on=date(2027, 6, 1))

    assert before.counts == {Colour.BLUE: 4, Colour.YELLOW: 0, Colour.RED: 0, Colour.GREY: 1}
    assert after.counts == {Colour.BLUE: 2, Colour.YELLOW: 0, Colour.RED: 2, Colour.GREY: 1}


def test_a_license_is_yellow_from_the_day_its_window_opens(db: Database) -> None:
    add_space(db)
    soon = next(one for one in space_of(db).licenses if one.number == "JY23308020000011")
    assert soon.window is not None

    before = space_of(db, on=soon.window.opens - timedelta(days=1)).license(soon.id)
    after = space_of(db, on=soon.window.opens).license(soon.id)

    assert (before and before.colour, after and after.colour) == (Colour.BLUE, Colour.YELLOW)


def test_licenses_come_with_what_is_urgent_first(db: Database) -> None:
    add_space(db)

    assert [one.colour for one in space_of(db).licenses] == ["red", "yellow", "blue", "blue", "grey"]


def test_required_is_done_and_missing_together_and_names_scope_words_and_place(db: Database) -> None:
    main, second = add_space(db)

    space = space_of(db)

    assert len(space.tier_rows) == len(space.done) + len(space.missing)
    tobacco = [row for row in space.missing if row.item.type_code == "tobacco-retail"]
    assert [row.premises.id for row in tobacco if row.premises] == [second]
    assert [line.text for line in tobacco[0].scope] == ["烟草制品零售"]
    food = [row for row in space.done if row.item.type_code == "food-operation"]
    assert {row.item.premises_id for row in food} == {main, second}


def test_the_scope_is_shown_whole_with_every_item_marked(db: Database) -> None:
    add_space(db)

    space = space_of(db)

    assert "".join(piece.text for piece in space.segments) == space.enterprise.scope_text
    tones = {piece.text: piece.tone for piece in space.segments if piece.line is not None}
    assert tones["餐饮服务"] == "done"
    assert tones["烟草制品零售"] == "missing"
    assert tones["外卖递送服务"] == ""
    assert tones["剧本娱乐活动策划与蘑菇风味研究"] == "unread"


def test_offsets_that_do_not_fit_the_text_lose_no_character(db: Database) -> None:
    add_space(db)
    with db.write() as session:
        session.get_one(queries.registry.Enterprise, USCC).scope_text = "餐饮"

    assert "".join(piece.text for piece in space_of(db).segments) == "餐饮"


def test_deadlines_are_sorted_and_say_the_last_day_to_apply(db: Database) -> None:
    add_space(db)

    due = space_of(db).due

    assert [one.on for one in due] == sorted(one.on for one in due)
    assert due[0].kind is DueKind.RENEWAL
    assert due[0].on < date(2026, 12, 20)
    assert due[0].days_left == (due[0].on - TODAY).days


def test_to_dos_hold_one_action_each_and_name_no_license_twice(db: Database) -> None:
    add_space(db, overlays=[{"kind": Overlay.ABNORMAL, "since": "2026-07-06", "source": "registry"}])

    todos = space_of(db).todos

    kinds = [todo.kind for todo in todos]
    assert kinds[0] is TodoKind.LEAVE_ABNORMAL
    assert {TodoKind.APPLY, TodoKind.RENEW, TodoKind.REAPPLY} <= set(kinds)
    about = [(todo.kind, todo.type_code, todo.premises_id) for todo in todos]
    assert len(about) == len(set(about))


def test_an_enterprise_that_ended_owes_nothing(db: Database) -> None:
    add_space(db, state="注销")

    space = space_of(db)

    assert (space.tier_rows, space.todos, space.due) == ((), (), ())
    assert set(space.counts.items()) >= {(Colour.GREY, 5)}


def test_an_empty_enterprise_has_an_empty_space(db: Database) -> None:
    add_enterprise(db)

    space = space_of(db)

    assert (space.licenses, space.premises, space.tier_rows, space.todos) == ((), (), (), ())
    assert sum(space.counts.values()) == 0


def test_an_unknown_enterprise_is_not_found(db: Database) -> None:
    with pytest.raises(NotFoundError):
        space_of(db, OTHER_USCC)


@pytest.mark.parametrize("extra", [0, 60])
def test_a_desk_takes_eight_statements_whatever_it_holds(any_db: Database, extra: int) -> None:
    add_space(any_db, extra_licenses=extra)

    with counted_statements(any_db) as seen:
        found = enterprise_overview(
            USCC,
            actor=OWNER,
            on=TODAY,
            db=any_db,
            clearance=MATRIX.clearance(Audience.ENTERPRISE),
            reference=REFERENCE,
        )

    assert len(found.space.licenses) == 5 + extra
    assert len(seen) <= MOST_STATEMENTS, "\n".join(one.split("FROM")[-1][:80] for one in seen)


def test_a_license_of_a_kind_outside_the_catalogue_is_shown_by_its_code(db: Database) -> None:
    add_enterprise(db)
    add_license(db, type_code="not-in-catalogue", number="X1")

    (one,) = space_of(db).licenses

    assert (one.title.zh, one.kind, one.window) == ("not-in-catalogue", None, None)


def test_the_desk_adds_plates_and_credit_to_the_to_dos(db: Database) -> None:
    add_space(db)

    found = enterprise_overview(
        USCC,
        actor=OWNER,
        on=TODAY,
        db=db,
        clearance=MATRIX.clearance(Audience.ENTERPRISE),
        reference=REFERENCE,
    )

    goals = [task.goal for task in found.tasks]
    assert goals.count(TaskGoal.PREMISES) == 2  # no place has a plate yet
    assert goals.count(TaskGoal.CREDIT) == 1  # the penalty of 2024 is published no more
    assert found.tasks[0].is_overdue


def test_an_agent_sees_the_desk_but_not_who_looked(db: Database) -> None:
    add_space(db)

    agent = Actor(new_id(NOW), "办事人", Role.AGENT, uscc=USCC)

    assert (
        enterprise_overview(
            USCC,
            actor=agent,
            on=TODAY,
            db=db,
            clearance=MATRIX.clearance(Audience.ENTERPRISE),
            reference=REFERENCE,
        ).looks
        is None
    )
    assert enterprise_overview(
        USCC,
        actor=OWNER,
        on=TODAY,
        db=db,
        clearance=MATRIX.clearance(Audience.ENTERPRISE),
        reference=REFERENCE,
    ).looks


def test_another_enterprises_desk_is_not_there_and_an_officer_has_none(db: Database) -> None:
    add_space(db)
    stranger = Actor(new_id(NOW), "他人", Role.OWNER, uscc=OTHER_USCC)

    with pytest.raises(NotFoundError):
        enterprise_overview(
            USCC,
            actor=stranger,
            on=TODAY,
            db=db,
            clearance=MATRIX.clearance(Audience.ENTERPRISE),
            reference=REFERENCE,
        )
    with pytest.raises(NotAllowedError):
        enterprise_overview(
            USCC,
            actor=OFFICER,
            on=TODAY,
            db=db,
            clearance=MATRIX.clearance(Audience.ENTERPRISE),
            reference=REFERENCE,
        )
