"""What went wrong, as RFC 9457 problem+json for programs and as a page for people, in both languages.

One table maps error classes to statuses, looked up along the MRO. An error that nobody foresaw says nothing to
the caller and is logged once, here.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from hub.access.errors import StepUpNeededError
from hub.kernel import errors
from hub.kernel.messages import Message
from hub.web.context import services
from hub.web.i18n import said
from hub.web.limits import TooManyRequestsError
from hub.web.negotiation import wants_page
from keys import KeysError, SignerAwayError
from keys.messages import sentences
from signing import SigningError
from signing.log import NoteError, TileError
from signing.log.errors import WitnessRequestError

RETRY_SECONDS = 5  # a signer or database that restarts is back within seconds

_log = logging.getLogger("hub.problems")

STATUS: Mapping[type[Exception], HTTPStatus] = {
    errors.LoginRequiredError: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowedError: HTTPStatus.FORBIDDEN,
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SettingsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.HubError: HTTPStatus.BAD_REQUEST,
    NoteError: HTTPStatus.FORBIDDEN,  # C2SP tlog-witness: not signed by a key that is trusted for the log
    WitnessRequestError: HTTPStatus.BAD_REQUEST,
    TileError: HTTPStatus.NOT_FOUND,
    SigningError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SignerAwayError: HTTPStatus.SERVICE_UNAVAILABLE,
    KeysError: HTTPStatus.SERVICE_UNAVAILABLE,
    ValidationError: HTTPStatus.BAD_REQUEST,
}

HTTP_SENTENCES: Mapping[int, Message] = {
    400: Message("请求格式不正确。", "The request is not well-formed."),
    401: errors.LoginRequiredError().message,
    403: Message("不允许此操作。", "This is not allowed."),
    404: errors.NotFoundError().message,
    405: Message("此地址不支持该请求方式。", "This address does not take that kind of request."),
    406: Message("无法按所要求的格式回答。", "Cannot answer in the format asked for."),
    408: Message("请求超时。", "The request took too long to arrive."),
    409: errors.ConflictError().message,
    411: Message("请求缺少长度。", "The request has no length."),
    412: Message("状态已变化，请刷新后重试。", "The state has changed; reload and try again."),
    413: Message("内容过大。", "The content is too large."),
    414: Message("网址过长。", "The address is too long."),
    415: Message("不支持该内容类型。", "This kind of content is not accepted."),
    422: Message(errors.InvalidInputError.zh, errors.InvalidInputError.en),
    428: Message("请注明所依据的版本。", "Say which version this change is based on."),
    429: TooManyRequestsError().message,
    431: Message("请求头过大。", "The request headers are too large."),
    500: Message(
        "系统出错，已记录。请稍后再试。", "Something went wrong and was noted. Please try again later."
    ),
    503: errors.UnavailableError().message,
}
INVALID = Message(
    "提交的内容有误，请检查标出的项目。", "Some of what was sent is not right; see the fields named."
)
MAX_FINDINGS = 20  # an answer that names more is read by nobody, and costs
MAX_NAME_CHARS = 100  # of a member that a caller made up; the longest of ours has 30
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal, ready to be said in either form."""

    status: int
    reason: str
    message: Message
    fields: Mapping[str, list[Message]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""  # whose page explains it, where `reason` is one of many codes of an input

    @property
    def findings(self) -> Mapping[str, list[Message]]:
        """What is said field by field; nothing where that would only say `message` again."""
        texts = [text for texts in self.fields.values() for text in texts]
        return {} if texts == [self.message] else self.fields

    @property
    def asks_for_login(self) -> bool:
        return self.status == HTTPStatus.UNAUTHORIZED


def install(app: Flask, *, away: tuple[type[Exception], ...]) -> None:
    """The only error handlers of the application. `away`: how the database's driver says that it is not there."""
    app.register_error_handler(HTTPException, lambda error: answer(_from_http(error)))
    for kind in STATUS:
        app.register_error_handler(kind, lambda error: answer(problem_of(error)))
    app.register_error_handler(StepUpNeededError, _prove_first)
    for kind in away:
        app.register_error_handler(kind, _unavailable)
    app.register_error_handler(Exception, _unforeseen)


def problem_of(error: Exception) -> Problem:
    """Return the problem that a foreseen error is."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    headers = _retry(error, status)
    match error:
        case ValidationError():
            return Problem(status, "VALIDATION", INVALID, _fields(error.messages))
        case errors.InvalidInputError():
            fields = {error.field: [error.message]}
            return Problem(status, error.reason, error.message, fields, kind=errors.InvalidInputError.reason)
        case errors.HubError() | SigningError() | SignerAwayError():
            return Problem(status, str(error.reason), error.message, headers=headers)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("unavailable", exc_info=error)
    return Problem(status, HTTPStatus(status).name, HTTP_SENTENCES[status], headers=headers)


def answer(problem: Problem) -> Response:
    """Return the HTTP answer in the form the caller wants."""
    g.problem = problem.reason
    if wants_page():
        response = make_response(render_template("problem.html", problem=problem))
    else:
        response = jsonify(document(problem))
        response.mimetype = "application/problem+json"
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _prove_first(error: StepUpNeededError) -> Response:
    """A person is led to the page that asks for the passkey again, and from there back; a program is told."""
    if not wants_page():
        return answer(problem_of(error))
    g.problem = error.reason
    here = request.full_path.rstrip("?") if request.method == "GET" else urlsplit(request.referrer or "").path
    target = url_for("access.prove_page", next=here or None)
    return redirect(target, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]  # werkzeug's base class


def document(problem: Problem) -> dict[str, object]:
    """Return the members of RFC 9457 §3.1, with our reason code, both sentences, and fields where there are some."""
    title = said(problem.message)
    members: dict[str, object] = {
        "type": f"{services().settings.base_url}/problems/{problem.kind or problem.reason}",
        "title": title,
        "status": int(problem.status),
        "detail": title,
        "instance": f"urn:request:{g.get('request_id', 'none')}",
        "reason": problem.reason,
        "message": problem.message.as_json(),
    }
    if problem.fields:
        members["fields"] = {
            name: [text.as_json() for text in texts] for name, texts in problem.fields.items()
        }
    return members


def sentence_for(reason: str) -> Message | None:
    """Return what a reason code means, for the page that a problem's `type` points to."""
    known = {"VALIDATION": INVALID}
    known |= {HTTPStatus(code).name: text for code, text in HTTP_SENTENCES.items()}
    known |= sentences(errors.HubError, SigningError, SignerAwayError)
    return known.get(reason)


def _from_http(error: HTTPException) -> Problem:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status not in HTTP_SENTENCES:
        status = HTTPStatus.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else UNAVAILABLE
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}
    }
    given: Mapping[str, object] = getattr(error, "data", None) or {}
    messages = given.get("messages")
    if isinstance(messages, Mapping):  # webargs puts marshmallow's findings here
        return Problem(HTTPStatus.BAD_REQUEST, "VALIDATION", INVALID, _fields(messages), headers)
    return Problem(status, HTTPStatus(status).name, HTTP_SENTENCES[status], headers=headers)


def _fields(found: object) -> dict[str, list[Message]]:
    """Marshmallow's nested findings as flat `a.b.0` names, the first few of them."""
    return dict(islice(_named(found), MAX_FINDINGS))


def _named(found: object, prefix: str = "") -> Iterator[tuple[str, list[Message]]]:
    match found:
        case Mapping():
            for key, inner in found.items():
                name = str(key)[:MAX_NAME_CHARS]
                yield from _named(inner, f"{prefix}.{name}" if prefix else name)
        case list():
            yield prefix or "_schema", [_both(text) for text in found[:MAX_FINDINGS]]
        case _:
            yield prefix or "_schema", [_both(found)]


def _both(text: object) -> Message:
    if isinstance(text, Message):
        return text
    said = str(text) or "?"
    for pattern, chinese in MARSHMALLOW_PATTERNS:
        if found := pattern.fullmatch(said):
            return Message(chinese.format(*found.groups()), said)
    return Message(MARSHMALLOW_ZH.get(said, said), said)


MARSHMALLOW_ZH: Mapping[str, str] = {
    "Missing data for required field.": "必填项。",
    "Field may not be null.": "不能为空。",
    "Unknown field.": "未知字段。",
    "Not a valid string.": "须为文本。",
    "Not a valid integer.": "须为整数。",
    "Not a valid date.": "日期无效。",
    "Not a valid datetime.": "时间无效。",
    "Not a valid boolean.": "须为是或否。",
    "Not a valid UUID.": "编号无效。",
    "Not a valid list.": "须为列表。",
    "Not a valid mapping type.": "须为对象。",
    "Invalid input type.": "输入类型有误。",
    "Shorter than minimum length 1.": "不能为空。",
    "String does not match expected pattern.": "格式不正确。",
    "An audience goes with a nonce.": "验证方名称与随机数须同时给出。",
    "Only with a credential.": "仅可与电子凭证同时给出。",
}
MARSHMALLOW_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Exactly one of (.+)\."), "须给出其中一项：{}。"),
    (re.compile(r"Must be one of: (.+)\."), "须为以下之一：{}。"),
    (re.compile(r"Length must be between (\d+) and (\d+)\."), "长度须为 {} 至 {}。"),
    (re.compile(r"Longer than maximum length (\d+)\."), "不得超过 {} 个。"),
    (re.compile(r"Too many members: at most (\d+)\."), "成员过多，最多 {} 个。"),
)


def _retry(error: Exception, status: int) -> dict[str, str]:
    seconds = getattr(error, "retry_after", None)
    if seconds is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        seconds = RETRY_SECONDS
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _unavailable(error: Exception) -> Response:
    _log.error(
        "the database does not answer: %s", type(error).__name__, extra={"request_id": g.get("request_id")}
    )
    g.setdefault("login", None)  # who is logged in cannot be asked now
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return answer(Problem(UNAVAILABLE, "UNAVAILABLE", HTTP_SENTENCES[503], headers=headers))


def _unforeseen(error: Exception) -> Response:
    g.setdefault("login", None)  # the page must not fail in the same way again
    _log.error("unforeseen", exc_info=error, extra={"request_id": g.get("request_id")})
    return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", HTTP_SENTENCES[500]))
