"""What someone standing before a plate may report, and what becomes of it: received, handled, answered or unfounded."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from hub.kernel.errors import ConflictError, InvalidInputError
from hub.kernel.messages import Message
from hub.kernel.visible_characters import is_visible

MAX_REPORT_CHARS = 500  # what a person types on a phone; evidence is asked for when the report is handled
MIN_ANSWER_CHARS = 5  # "是" and "无" tell nobody what was found
MAX_ANSWER_CHARS = 500  # what was found on the spot and what was done; files belong to the inspection record
MAX_CONTACT_CHARS = 100  # a telephone number, an e-mail address or a short name
ALLOWED_CONTROLS = frozenset("\n\u200d")  # line break; the joiner inside emoji that phones type


class ReportKind(StrEnum):
    ADDRESS = "address"
    NAME = "name"
    PLATE = "plate"
    LICENSE = "license"
    CLOSED = "closed"
    OTHER = "other"


REPORT_KINDS: Mapping[ReportKind, Message] = MappingProxyType(
    {
        ReportKind.ADDRESS: Message("地址与现场不符", "The address is not this place"),
        ReportKind.NAME: Message("招牌或名称与登记不符", "Another name or business is here"),
        ReportKind.PLATE: Message("码牌被覆盖、损坏或仿冒", "The plate is covered, damaged or imitated"),
        ReportKind.LICENSE: Message("实际经营与证照不符", "What is done here does not match the licenses"),
        ReportKind.CLOSED: Message("此处已停止经营", "The place has closed"),
        ReportKind.OTHER: Message("其他", "Something else"),
    }
)


class ReportState(StrEnum):
    RECEIVED = "received"
    HANDLING = "handling"
    ANSWERED = "answered"
    UNFOUNDED = "unfounded"


REPORT_STATES: Mapping[ReportState, Message] = MappingProxyType(
    {
        ReportState.RECEIVED: Message("待处理", "Received"),
        ReportState.HANDLING: Message("处理中", "Being handled"),
        ReportState.ANSWERED: Message("已处理", "Handled"),
        ReportState.UNFOUNDED: Message("不属实", "Unfounded"),
    }
)


class ReportAction(StrEnum):
    TAKE = "take"
    ANSWER = "answer"
    UNFOUNDED = "unfounded"


REPORT_ACTIONS: Mapping[ReportAction, Message] = MappingProxyType(
    {
        ReportAction.TAKE: Message("受理", "Take on"),
        ReportAction.ANSWER: Message("办结并答复", "Close with an answer"),
        ReportAction.UNFOUNDED: Message("认定不属实", "Close as unfounded"),
    }
)
CLOSING = frozenset({ReportAction.ANSWER, ReportAction.UNFOUNDED})  # these say in words what was found

_STEPS: Mapping[tuple[ReportState, ReportAction], ReportState] = MappingProxyType(
    {
        (ReportState.RECEIVED, ReportAction.TAKE): ReportState.HANDLING,
        (ReportState.RECEIVED, ReportAction.ANSWER): ReportState.ANSWERED,
        (ReportState.RECEIVED, ReportAction.UNFOUNDED): ReportState.UNFOUNDED,
        (ReportState.HANDLING, ReportAction.ANSWER): ReportState.ANSWERED,
        (ReportState.HANDLING, ReportAction.UNFOUNDED): ReportState.UNFOUNDED,
    }
)


class ReportStepError(ConflictError):
    """Somebody else took or closed the report meanwhile, or it was closed long ago: closed stays closed."""

    reason = "REPORT_STEP"
    zh = "该举报已由他人受理或已办结，请刷新后查看。"
    en = "Somebody has taken or closed this report already; reload the page."


def next_report_state(state: ReportState, action: ReportAction) -> ReportState:
    """Return the state that follows. Raises: ReportStepError where the table has no such step."""
    following = _STEPS.get((state, action))
    if following is None:
        raise ReportStepError(f"{action} from {state}")
    return following


def report_actions(state: ReportState) -> tuple[ReportAction, ...]:
    """Return what can be done with a report in this state, in the order of the table of actions."""
    return tuple(action for action in ReportAction if (state, action) in _STEPS)


class ReportKindError(InvalidInputError):
    reason = "REPORT_KIND"
    field = "kind"
    zh = "请选择一种不符的情况。"
    en = "Choose what does not match."


class ReportTextError(InvalidInputError):
    reason = "REPORT_TEXT"
    field = "text"
    zh = "选择“其他”时，请说明情况。"
    en = "Say what is wrong when you choose “Something else”."


class ReportTooLongError(InvalidInputError):
    reason = "REPORT_LONG"
    field = "text"
    zh = f"说明请不要超过 {MAX_REPORT_CHARS} 字。"
    en = f"Please use at most {MAX_REPORT_CHARS} characters."


class ReportContactError(InvalidInputError):
    reason = "REPORT_CONTACT"
    field = "contact"
    zh = f"联系方式请不要超过 {MAX_CONTACT_CHARS} 字。"
    en = f"Please use at most {MAX_CONTACT_CHARS} characters for the contact."


class ReportAnswerError(InvalidInputError):
    reason = "REPORT_ANSWER"
    field = "answer"
    zh = f"请用 {MIN_ANSWER_CHARS} 至 {MAX_ANSWER_CHARS} 字写明核查情况和处理结果。"
    en = f"Say in {MIN_ANSWER_CHARS} to {MAX_ANSWER_CHARS} characters what was found and what was done."


class ReportHiddenError(InvalidInputError):
    reason = "REPORT_HIDDEN"
    zh = "文字中含有看不见的控制字符，请重新输入。"
    en = "The text holds invisible control characters; please retype it."


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report as it may be stored; only `read_report` makes it."""

    kind: ReportKind
    text: str
    contact: str | None


def read_report(*, kind: str, text: str, contact: str) -> ReportText:
    """Check what was typed. Raises: ReportKindError, ReportTextError, ReportTooLongError, ReportContactError, ReportHiddenError."""
    if kind not in set(ReportKind):
        raise ReportKindError
    chosen = ReportKind(kind)
    body = _clean("text", text)
    if len(body) > MAX_REPORT_CHARS:
        raise ReportTooLongError
    if chosen is ReportKind.OTHER and not body:
        raise ReportTextError
    reach = _clean("contact", contact)
    if len(reach) > MAX_CONTACT_CHARS:
        raise ReportContactError
    return ReportText(chosen, body, reach or None)


def read_answer(action: ReportAction, text: str) -> str | None:
    """Return what was found and done, needed to close a report; None for a step that closes nothing.

    Raises: ReportAnswerError, ReportHiddenError.
    """
    if action not in CLOSING:
        return None
    answer = _clean("answer", text)
    if not MIN_ANSWER_CHARS <= len(answer) <= MAX_ANSWER_CHARS:
        raise ReportAnswerError
    return answer


def _clean(field: str, text: str) -> str:
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    if not is_visible("".join(char for char in plain if char not in ALLOWED_CONTROLS)):
        raise ReportHiddenError(field)
    return plain
