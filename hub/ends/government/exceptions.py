"""Credit codes that are taken though they fail their check: the list, asking for one more, asking for an end."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from hub.ends.government.blueprint import PAGE, READERS, blueprint
from hub.ends.government.context import argument, back_to, identifier
from hub.ends.government.doers import people_of
from hub.feeds import pages
from hub.feeds.exceptions import ask_end, ask_exception, require_keeper
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.errors import ConflictError, HubError, InvalidInputError
from hub.kernel.exports import Cell
from hub.kernel.messages import Message
from hub.kernel.paging import NewestPage
from hub.registry.exceptions.queries import ExceptionView
from hub.registry.exceptions.rules import MAX_CHARS
from hub.web import downloads, forms
from hub.web.context import now, require_actor, services
from hub.web.guards import roles
from hub.web.i18n import said
from hub.web.limits import Rate
from hub.web.navigation import pager
from schemas.government import ExceptionAskedSchema, ExceptionEndAskedSchema

_EMPTY = {"": "", "code": "", "reason": "", "source": ""}  # by field; "": the form as a whole
ASKED = Message("已提请第二人决定。", "A second person has been asked.")


@blueprint.get("/exceptions")
@roles(*READERS)
def exceptions() -> str:
    is_ended, words, before = argument("state") == "ended", argument("q"), identifier("before")
    page = pages.exceptions(
        by=require_actor(), words=words, is_ended=is_ended, before=before, limit=PAGE, db=services().db
    )
    tabs = [
        (url_for("government.exceptions", q=words or None), _("On the list"), not is_ended),
        (url_for("government.exceptions", q=words or None, state="ended"), _("Taken off"), is_ended),
    ]
    return render_template(
        "government/exceptions.html",
        tab_items=tabs,
        page=page,
        words=words,
        is_ended=is_ended,
        pager=pager(
            "government.exceptions",
            is_first=before is None,
            older=page.older,
            at="before",
            q=words or None,
            state="ended" if is_ended else None,
        ),
    )


@blueprint.get("/exceptions/new")
@roles(Role.OFFICIAL)
def new_exception() -> str:
    require_keeper(require_actor())
    return _form({})


@blueprint.post("/exceptions/new")
@roles(Role.OFFICIAL)
def propose_exception() -> Response:
    """Ask for an exception from a form. What was written stays in the form where it is refused."""
    given = ExceptionAskedSchema().load(forms.submitted())
    try:
        made = ask_exception(
            given["code"],
            reason=given["reason"],
            source=given["source"],
            by=require_actor(),
            now=now(),
            db=services().db,
        )
    except (InvalidInputError, ConflictError) as refusal:
        return _refused(_form(given, refusal), refusal)
    return back_to(url_for("government.proposal", proposal_id=made), ASKED)


@blueprint.get("/exceptions/<uuid:exception_id>")
@roles(*READERS)
def exception(exception_id: UUID) -> str:
    return _entry(exception_id, "")


@blueprint.post("/exceptions/<uuid:exception_id>/end")
@roles(Role.OFFICIAL)
def propose_end(exception_id: UUID) -> Response:
    reason = ExceptionEndAskedSchema().load(forms.submitted())["reason"]
    try:
        made = ask_end(exception_id, reason=reason, by=require_actor(), now=now(), db=services().db)
    except (InvalidInputError, ConflictError) as refusal:
        return _refused(_entry(exception_id, reason, refusal), refusal)
    return back_to(url_for("government.proposal", proposal_id=made), ASKED)


@blueprint.get("/exceptions/list.<any(csv, xlsx):form>")
@roles(Role.OFFICIAL, rate=Rate.EXPORT)
def exported_exceptions(form: str) -> Response:
    listed = pages.exceptions_to_take_away(by=require_actor(), db=services().db)
    headers = (
        _("Credit code"),
        _("Why it is taken"),
        _("Document or record that proves it"),
        _("Asked by"),
        _("Decided by"),
        _("Since"),
        _("Ended"),
        _("Why it ended"),
    )
    return downloads.table(form, "credit-code-exceptions", headers, _rows(listed, db=services().db))


def _rows(listed: Iterable[NewestPage[ExceptionView]], *, db: Database) -> Iterator[tuple[Cell, ...]]:
    for page in listed:
        names = _names(*page.rows, db=db)
        for row in page.rows:
            by = (names[row.asked_by], names[row.decided_by])
            when = (row.added_at.isoformat(), row.ended_at and row.ended_at.isoformat())
            yield (row.code, row.reason, row.source, *by, *when, row.end_reason)


def _form(given: Mapping[str, str], refusal: HubError | None = None) -> str:
    return render_template(
        "government/exception_new.html",
        given={**_EMPTY, **given},
        errors={**_EMPTY, **_errors(refusal)},
        max_chars=MAX_CHARS,
    )


def _entry(exception_id: UUID, reason: str, refusal: HubError | None = None) -> str:
    found = pages.exception(exception_id, by=require_actor(), db=services().db)
    return render_template(
        "government/exception.html",
        entry=found,
        names=_names(found, db=services().db),
        given=reason,
        errors={**_EMPTY, **_errors(refusal)},
        max_chars=MAX_CHARS,
    )


def _errors(refusal: HubError | None) -> dict[str, str]:
    """Sentences by the field that they are about; a conflict is about the whole ("")."""
    match refusal:
        case None:
            return {}
        case InvalidInputError():
            return {refusal.field: said(refusal.message)}
        case _:
            return {"": said(refusal.message)}


def _refused(page: str, refusal: HubError) -> Response:
    is_input = isinstance(refusal, InvalidInputError)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if is_input else HTTPStatus.CONFLICT)


def _names(*rows: ExceptionView, db: Database) -> dict[str | None, str | None]:
    """What to call everybody who stands on record in these rows: a name where it is known, else the pseudonym."""
    known = {
        by for row in rows for by in (row.asked_by, row.decided_by, row.end_asked_by, row.end_decided_by)
    }
    people = people_of(known, db=db)
    return {by: people.get(by or "", by) for by in known}
