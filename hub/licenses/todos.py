"""管家提示: what is due when, and what the enterprise should do next, one action each. Pure; nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import Window
from hub.licenses.colours.rules import ENTITY_BARRED, BusinessFacts, Colour, ColourVerdict, report_is_due
from hub.licenses.rules import TERMINAL, LicenseState
from hub.licenses.tiers.rules import TierItem
from hub.licenses.tiers.vocabulary import Severity
from hub.registry.rules import Overlay


class DueKind(StrEnum):
    RENEWAL = "renewal"
    EXPIRY = "expiry"
    TERM = "term"


DUE_NAMES: Mapping[DueKind, Message] = MappingProxyType(
    {
        DueKind.RENEWAL: Message("延续申请截止", "Last day to apply for renewal"),
        DueKind.EXPIRY: Message("有效期届满", "End of validity"),
        DueKind.TERM: Message("营业期限届满", "End of the term of business"),
    }
)


class TodoKind(StrEnum):
    DEREGISTER = "deregister"
    LEAVE_SERIOUS = "leave-serious"
    LEAVE_ABNORMAL = "leave-abnormal"
    EXTEND_TERM = "extend-term"
    CONFIRM_STATE = "confirm-state"
    APPLY = "apply"
    RECOVER = "recover"
    REAPPLY = "reapply"
    RENEW = "renew"
    RENEW_LATE = "renew-late"
    INSPECTION = "inspection"
    FILE_REPORT = "file-report"


@dataclass(frozen=True, slots=True)
class TodoFace:
    """How a to-do is asked for: `urgency` 0 is first; `action` stands on its one button."""

    urgency: int
    title: Message
    action: Message
    icon: str


TODO_FACES: Mapping[TodoKind, TodoFace] = MappingProxyType(
    {
        TodoKind.DEREGISTER: TodoFace(
            0,
            Message("依法清算，办理注销登记", "Liquidate and deregister"),
            Message("查看", "Open"),
            "octagon-alert",
        ),
        TodoKind.LEAVE_SERIOUS: TodoFace(
            0,
            Message("申请移出严重违法失信名单", "Leave the list of serious violations"),
            Message("去处理", "See how"),
            "octagon-alert",
        ),
        TodoKind.EXTEND_TERM: TodoFace(
            1,
            Message("办理营业期限变更", "Register a longer term of business"),
            Message("去办理", "See how"),
            "calendar-clock",
        ),
        TodoKind.LEAVE_ABNORMAL: TodoFace(
            1,
            Message("申请移出经营异常名录", "Leave the list of abnormal operations"),
            Message("去处理", "See how"),
            "triangle-alert",
        ),
        TodoKind.RECOVER: TodoFace(
            1,
            Message("证照被暂扣，整改后申请发还", "Suspended: correct and ask for it back"),
            Message("查看", "Open"),
            "ban",
        ),
        TodoKind.RENEW: TodoFace(
            1, Message("办理延续", "Apply for renewal"), Message("去延续", "Renew"), "refresh-cw"
        ),
        TodoKind.RENEW_LATE: TodoFace(
            1,
            Message(
                "已过延续申请期限，请立即联系发证机关", "The day to apply has passed: ask the issuer now"
            ),
            Message("查看", "Open"),
            "refresh-cw",
        ),
        TodoKind.REAPPLY: TodoFace(
            2, Message("证照已过期，请重新申请", "Expired: apply again"), Message("查看", "Open"), "file-text"
        ),
        TodoKind.INSPECTION: TodoFace(
            2,
            Message("办理年检或校验", "Have the periodic check done"),
            Message("查看", "Open"),
            "clipboard-check",
        ),
        TodoKind.FILE_REPORT: TodoFace(
            2, Message("补报年度报告", "File the annual report"), Message("去处理", "See how"), "files"
        ),
        TodoKind.APPLY: TodoFace(
            3,
            Message("办理许可或备案", "Obtain the permit or filing"),
            Message("去办理", "See how"),
            "file-text",
        ),
        TodoKind.CONFIRM_STATE: TodoFace(
            4,
            Message("与登记机关核对登记状态", "Check the state with the registry"),
            Message("查看", "Open"),
            "circle-help",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that ends on `on`, `days_left` from the day of the space."""

    kind: DueKind
    on: date
    days_left: int
    title: Message
    license_id: UUID | None


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `about` names the license or permit; None: the business license itself."""

    kind: TodoKind
    is_overdue: bool
    about: Message | None
    due_on: date | None
    license_id: UUID | None = None
    type_code: str | None = None
    premises_id: UUID | None = None

    @property
    def face(self) -> TodoFace:
        return TODO_FACES[self.kind]


@dataclass(frozen=True, slots=True)
class HeldLicense:
    """What of a license the deadlines and to-dos depend on."""

    id: UUID
    type_code: str
    title: Message
    premises_id: UUID | None
    state: LicenseState
    valid_to: date | None
    window: Window | None
    verdict: ColourVerdict
    inspection_due: date | None = None


def dues(business: BusinessFacts, held: Iterable[HeldLicense], *, on: date) -> tuple[Deadline, ...]:
    """Return every deadline from `on` onwards, the nearest first. An ended license or enterprise has none."""
    found = [_due_of(one, on) for one in held if one.state not in TERMINAL]
    if business.state.ended or business.state in ENTITY_BARRED:
        return ()
    if business.term_to is not None and business.term_to >= on:
        title = Message("营业执照", "Business license")
        found.append(Deadline(DueKind.TERM, business.term_to, (business.term_to - on).days, title, None))
    return tuple(
        sorted((due for due in found if due is not None), key=lambda due: (due.on, str(due.license_id)))
    )


def _due_of(one: HeldLicense, on: date) -> Deadline | None:
    if one.verdict.reason == "PM_RENEWING" or one.valid_to is None or one.valid_to < on:
        return None
    if one.window is not None and on <= one.window.closes:
        return Deadline(DueKind.RENEWAL, one.window.closes, (one.window.closes - on).days, one.title, one.id)
    return Deadline(DueKind.EXPIRY, one.valid_to, (one.valid_to - on).days, one.title, one.id)


_BY_VERDICT: Mapping[str, TodoKind] = MappingProxyType(
    {
        "BL_TERM_OVER": TodoKind.EXTEND_TERM,
        "BL_TERM_DUE": TodoKind.EXTEND_TERM,
        "BL_UNCONFIRMED": TodoKind.CONFIRM_STATE,
        "PM_SUSPENDED": TodoKind.RECOVER,
        "PM_EXPIRED": TodoKind.REAPPLY,
        "PM_INSPECTION": TodoKind.INSPECTION,
    }
)
_SAME_AS_MISSING = frozenset({TodoKind.RECOVER, TodoKind.REAPPLY})  # the missing duty asks for the same act
_BY_OVERLAY: Mapping[Overlay, TodoKind] = MappingProxyType(
    {
        Overlay.SERIOUS: TodoKind.LEAVE_SERIOUS,
        Overlay.ABNORMAL: TodoKind.LEAVE_ABNORMAL,
    }
)


def todos(
    business: BusinessFacts,
    verdict: ColourVerdict,
    *,
    held: Sequence[HeldLicense],
    missing: Sequence[tuple[TierItem, Message]],
    on: date,
) -> tuple[Todo, ...]:
    """Return what to do now, the most urgent first. An enterprise that has ended has nothing to do, one
    that may no longer do business only to deregister.

    `missing`: duties without a permit, with the permit's title. A license that a missing duty is about is not
    asked for a second time.
    """
    if business.state.ended:
        return ()
    if business.state in ENTITY_BARRED:
        return (Todo(TodoKind.DEREGISTER, is_overdue=True, about=None, due_on=None),)
    asked = {(item.type_code, item.premises_id) for item, _ in missing}
    found = [*_business_todos(business, verdict, on=on)]
    found += [_apply(item, title) for item, title in missing]
    found += [todo for one in held if (todo := _license_todo(one, asked=asked, on=on)) is not None]
    return tuple(sorted(found, key=_order))


def _business_todos(business: BusinessFacts, verdict: ColourVerdict, *, on: date) -> Iterable[Todo]:
    for overlay, kind in _BY_OVERLAY.items():
        if overlay in business.overlays:
            yield Todo(kind, is_overdue=True, about=None, due_on=None)
    if report_is_due(business, on):
        yield Todo(TodoKind.FILE_REPORT, is_overdue=False, about=None, due_on=None)
    found = _BY_VERDICT.get(verdict.reason)
    if found is not None:
        yield Todo(found, verdict.colour is Colour.RED, None, business.term_to)


def _apply(item: TierItem, title: Message) -> Todo:
    return Todo(
        TodoKind.APPLY,
        item.severity is Severity.OVERDUE,
        title,
        None,
        type_code=item.type_code,
        premises_id=item.premises_id,
    )


def _license_todo(one: HeldLicense, *, asked: set[tuple[str, UUID | None]], on: date) -> Todo | None:
    kind = _renewal(one, on) if one.verdict.reason == "PM_DUE" else _BY_VERDICT.get(one.verdict.reason)
    is_asked = {(one.type_code, one.premises_id), (one.type_code, None)} & asked
    if kind is None or (is_asked and kind in _SAME_AS_MISSING):
        return None
    return Todo(
        kind,
        one.verdict.colour is Colour.RED or kind is TodoKind.RENEW_LATE,
        one.title,
        _deadline(one, on),
        license_id=one.id,
        type_code=one.type_code,
        premises_id=one.premises_id,
    )


def _renewal(one: HeldLicense, on: date) -> TodoKind:
    """Whether there is still time to apply; the rule of art. 50 protects only who applied in time."""
    is_late = one.window is not None and on > one.window.closes
    return TodoKind.RENEW_LATE if is_late else TodoKind.RENEW


def _deadline(one: HeldLicense, on: date) -> date | None:
    """The last day of the check, or to apply while that is still ahead, else the last day of validity."""
    if one.verdict.reason == "PM_INSPECTION":
        return one.inspection_due
    if one.window is not None and on <= one.window.closes:
        return one.window.closes
    return one.valid_to


def _order(todo: Todo) -> tuple[bool, int, date, str]:
    return (
        not todo.is_overdue,
        todo.face.urgency,
        todo.due_on or date.max,
        str(todo.license_id or todo.type_code),
    )
