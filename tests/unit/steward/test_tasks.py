"""Tasks: what each thing to do says, where its button leads, and what is no task at all."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateState
from hub.credit.queries import PenaltyView
from hub.credit.rules import PenaltyLevel, RepairWindow
from hub.licenses.todos import Todo, TodoKind
from hub.registry.queries import PremisesView
from hub.steward.rules import TaskGoal, tasks

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
DAY = date(2026, 11, 21)
HERE, THERE, LICENSE, PENALTY = (UUID(int=number) for number in range(1, 5))


def place(identity: UUID, name: str = "总店") -> PremisesView:
    return PremisesView(
        identity, name, "某路1号", "330803", "", None, None, None, is_main=True, is_residence=False,
        version=1, source="market", received_at=NOW,
    )  # fmt: skip


def plate(state: PlateState, premises: UUID = HERE) -> PlateView:
    return PlateView(
        "0" * 16, "91330800MA28F00G7T", premises, 1, state, "P1", "text", NOW, None, None, None, None, "张三"
    )


def penalty(*, is_public: bool = True, can_apply: bool = True) -> PenaltyView:
    return PenaltyView(
        PENALTY, "衢市监罚1", "act", "fine", None, PenaltyLevel.ORDINARY, DAY, "局", "market", NOW,
        RepairWindow(DAY, DAY), is_public=is_public, can_apply=can_apply,
    )  # fmt: skip


def todo(kind: TodoKind, *, is_overdue: bool = False, premises: UUID | None = HERE) -> Todo:
    return Todo(
        kind, is_overdue, None, DAY, license_id=LICENSE, type_code="food-business", premises_id=premises
    )


@pytest.mark.parametrize("kind", TodoKind)
def test_a_to_do_keeps_its_words_and_leads_to_what_it_is_about(kind: TodoKind) -> None:
    wanted = todo(kind)
    (task,) = tasks([wanted], premises=[], plates=[], penalties=[])
    of_license = {"recover", "reapply", "renew", "renew-late", "inspection"}
    goal = (
        TaskGoal.LICENSE if kind in of_license else TaskGoal.PERMIT if kind == "apply" else TaskGoal.BUSINESS
    )
    subject = {TaskGoal.LICENSE: str(LICENSE), TaskGoal.PERMIT: f"food-business-{HERE}"}.get(goal, "")

    assert (task.title, task.action, task.icon, task.urgency) == (
        wanted.face.title,
        wanted.face.action,
        wanted.face.icon,
        wanted.face.urgency,
    )
    assert (task.goal, task.subject, task.due_on, task.about) == (goal, subject, DAY, None)
    assert (task.place, task.is_overdue) == (None, False)


def test_a_place_is_named_where_there_are_several() -> None:
    standing = [plate(PlateState.PLACED), plate(PlateState.PLACED, THERE)]
    one = tasks([todo(TodoKind.RENEW)], premises=[place(HERE)], plates=standing, penalties=[])
    two = tasks(
        [todo(TodoKind.RENEW)], premises=[place(HERE), place(THERE, "分店")], plates=standing, penalties=[]
    )

    assert [task.place for task in one] == [None]
    assert [task.place for task in two] == ["总店"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "These premises have no plate"),
        (PlateState.VOID, "These premises have no plate"),
        (PlateState.LOST, "The plate is lost: replace it"),
        (PlateState.SUSPENDED, "The plate is suspended"),
        (PlateState.MADE, "The plate is made: put it up"),
        (PlateState.PENDING, None),
        (PlateState.PLACED, None),
    ],
)
def test_premises_need_a_plate_that_hangs(state: PlateState | None, said: str | None) -> None:
    plates = [] if state is None else [plate(state)]
    found = tasks([], premises=[place(HERE)], plates=plates, penalties=[])

    assert [task.title.en for task in found] == ([] if said is None else [said])
    for task in found:
        assert (task.place, task.is_overdue, task.due_on, task.about) == ("总店", False, None, None)
        assert (task.goal, task.subject) == (TaskGoal.PREMISES, str(HERE))


@pytest.mark.parametrize(("is_public", "can_apply"), [(True, True), (True, False), (False, True)])
def test_repair_is_a_task_while_it_would_end_a_publication(*, is_public: bool, can_apply: bool) -> None:
    found = tasks([], premises=[], plates=[], penalties=[penalty(is_public=is_public, can_apply=can_apply)])

    assert len(found) == (is_public and can_apply)
    for task in found:
        assert task.about is not None
        assert (task.about.zh, task.about.en) == ("衢市监罚1", "衢市监罚1")
        assert (task.title.en, task.action.en, task.icon) == (
            "Credit repair may be applied for",
            "Open",
            "scale",
        )
        assert (task.goal, task.subject, task.urgency) == (TaskGoal.CREDIT, str(PENALTY), 4)
        assert (task.place, task.is_overdue, task.due_on) == (None, False, None)


def test_the_overdue_stand_first_and_then_the_urgent() -> None:
    late = todo(TodoKind.FILE_REPORT, is_overdue=True)
    found = tasks([todo(TodoKind.RENEW), late], premises=[place(HERE)], plates=[], penalties=[penalty()])

    assert found[0].is_overdue
    assert [task.urgency for task in found[1:]] == sorted(task.urgency for task in found[1:])
