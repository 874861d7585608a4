"""Tasks (待办事项): everything an enterprise should do, whichever capability found it, in one order and one form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateState
from hub.credit.queries import PenaltyView
from hub.kernel.messages import Message
from hub.licenses.todos import Todo, TodoKind
from hub.registry.queries import PremisesView


class TaskGoal(StrEnum):
    """Where the one button of a task leads; the end knows the address."""

    BUSINESS = "business"
    LICENSE = "license"
    PERMIT = "permit"
    PREMISES = "premises"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: `about` what, at which place, until when, and the one action.

    `subject` names the goal's object.
    """

    title: Message
    action: Message
    icon: str
    about: Message | None
    place: str | None
    is_overdue: bool
    urgency: int
    due_on: date | None
    goal: TaskGoal
    subject: str


@dataclass(frozen=True, slots=True)
class _PlateTask:
    urgency: int
    title: Message
    action: Message
    icon: str


_NO_PLATE = _PlateTask(
    5,
    Message("场所还没有码牌", "These premises have no plate"),
    Message("去制作", "Make it"),
    "qr-code",
)
_BY_STATE: Mapping[PlateState, _PlateTask] = MappingProxyType(
    {
        PlateState.LOST: _PlateTask(
            3,
            Message("码牌已挂失，请补换", "The plate is lost: replace it"),
            Message("去补换", "Replace"),
            "rotate-ccw",
        ),
        PlateState.SUSPENDED: _PlateTask(
            4,
            Message("码牌已停用", "The plate is suspended"),
            Message("查看", "Open"),
            "circle-minus",
        ),
        PlateState.MADE: _PlateTask(
            5,
            Message("码牌已制成，请张贴到场所", "The plate is made: put it up"),
            Message("去下载", "Download"),
            "download",
        ),
    }
)
_GOALS: Mapping[TodoKind, TaskGoal] = MappingProxyType(
    {
        TodoKind.APPLY: TaskGoal.PERMIT,
        TodoKind.RECOVER: TaskGoal.LICENSE,
        TodoKind.REAPPLY: TaskGoal.LICENSE,
        TodoKind.RENEW: TaskGoal.LICENSE,
        TodoKind.RENEW_LATE: TaskGoal.LICENSE,
        TodoKind.INSPECTION: TaskGoal.LICENSE,
    }
)
_REPAIR_URGENCY = 4
_REPAIR = Message("可以申请信用修复", "Credit repair may be applied for")
_REPAIR_ACTION = Message("查看", "Open")


def tasks(
    todos: Iterable[Todo],
    *,
    premises: Iterable[PremisesView],
    plates: Iterable[PlateView],
    penalties: Iterable[PenaltyView],
) -> tuple[Task, ...]:
    """Return all tasks, the overdue first, then by urgency and date."""
    places = {place.id: place for place in premises}
    standing = {plate.premises_id: plate for plate in plates if plate.state is not PlateState.VOID}
    found = [_of_todo(todo, places) for todo in todos]
    found += [
        task for place in places.values() if (task := _of_plate(place, standing.get(place.id))) is not None
    ]
    found += [_of_penalty(penalty) for penalty in penalties if penalty.is_public and penalty.can_apply]
    return tuple(sorted(found, key=_order))


def _of_todo(todo: Todo, places: Mapping[UUID, PremisesView]) -> Task:
    place = places.get(todo.premises_id) if todo.premises_id else None
    goal = _GOALS.get(todo.kind, TaskGoal.BUSINESS)
    return Task(
        title=todo.face.title,
        action=todo.face.action,
        icon=todo.face.icon,
        about=todo.about,
        place=place.name if place and len(places) > 1 else None,
        is_overdue=todo.is_overdue,
        urgency=todo.face.urgency,
        due_on=todo.due_on,
        goal=goal,
        subject=_subject(todo, goal),
    )


def _subject(todo: Todo, goal: TaskGoal) -> str:
    if goal is TaskGoal.LICENSE:
        return str(todo.license_id)
    return f"{todo.type_code}{_place_suffix(todo.premises_id)}" if goal is TaskGoal.PERMIT else ""


def _place_suffix(premises_id: UUID | None) -> str:
    return "" if premises_id is None else f"-{premises_id}"


def _of_plate(place: PremisesView, plate: PlateView | None) -> Task | None:
    face = _NO_PLATE if plate is None else _BY_STATE.get(plate.state)
    if face is None:
        return None
    return Task(
        title=face.title,
        action=face.action,
        icon=face.icon,
        about=None,
        place=place.name,
        is_overdue=False,
        urgency=face.urgency,
        due_on=None,
        goal=TaskGoal.PREMISES,
        subject=str(place.id),
    )


def _of_penalty(penalty: PenaltyView) -> Task:
    return Task(
        title=_REPAIR,
        action=_REPAIR_ACTION,
        icon="scale",
        about=Message(penalty.decision_no, penalty.decision_no),
        place=None,
        is_overdue=False,
        urgency=_REPAIR_URGENCY,
        due_on=None,
        goal=TaskGoal.CREDIT,
        subject=str(penalty.id),
    )


def _order(task: Task) -> tuple[bool, int, date, str]:
    return (not task.is_overdue, task.urgency, task.due_on or date.max, task.subject)
