"""Logging in and out, enrolling, roles, one's own passkeys."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from webauthn.helpers import base64url_to_bytes

from hub.access import challenges, own_sessions, passkeys, queries, sessions
from hub.access.checks import is_fresh
from hub.access.devices import device_of, network_of
from hub.access.rules import FRESH, ROLE_NAMES, passkey_name
from hub.access.service import passkey_origin
from hub.access.sessions import LoginBrowser, OpenedSession
from hub.kernel.actor import ENTERPRISE_ROLES, Role
from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.web import notices
from hub.web.context import (
    give_session,
    login,
    now,
    require_actor,
    require_login,
    services,
    take_session_back,
)
from hub.web.forms import submitted
from hub.web.guards import logged_in, public
from hub.web.limits import Rate
from hub.web.links import local_path
from schemas.access import PasskeyAnswerSchema, PasskeyLabelSchema, RoleChoiceSchema, SessionChoiceSchema

blueprint = Blueprint("access", __name__, url_prefix="/access")

SESSION_ENDED = Message("已结束该登录。", "That session has ended.")
HOMES = {
    **dict.fromkeys(ENTERPRISE_ROLES, "/enterprise/"),
    Role.OFFICER: "/enforcement/",
    Role.OFFICIAL: "/government/",
    Role.AUDITOR: "/government/",
}


@blueprint.get("/login")
@public
def login_page() -> str:
    target = local_path(request.args.get("next"), default="")
    origin = passkey_origin(services().settings.base_url)
    elsewhere = origin if request.host_url.rstrip("/") != origin else None
    return render_template("access/login.html", next=target, elsewhere=elsewhere)


@blueprint.post("/login/options")
@public(rate=Rate.LOGIN)
def login_options() -> Response:
    return _json(challenges.login_options(settings=services().settings, now=now(), db=services().db))


@blueprint.post("/login")
@public(rate=Rate.LOGIN)
def log_in() -> Response:
    data = PasskeyAnswerSchema().load(request.get_json())
    opened = passkeys.log_in(
        data["credential"], visit=_visit(), settings=services().settings, now=now(), db=services().db
    )
    return _welcome(opened, local_path(data["next"], default=HOMES[opened.role]))


@blueprint.get("/enrol/<token>")
@public(rate=Rate.LOGIN)
def enrolment_page(token: str) -> str:
    person = sessions.find_link(token, purpose="enrol", now=now(), db=services().db)
    origin = passkey_origin(services().settings.base_url)
    elsewhere = origin + request.path if request.host_url.rstrip("/") != origin else None
    return render_template("access/enrol.html", person=person, token=token, elsewhere=elsewhere)


@blueprint.post("/enrol/<token>/options")
@public(rate=Rate.LOGIN)
def enrolment_options(token: str) -> Response:
    options = passkeys.enrolment_options(token, settings=services().settings, now=now(), db=services().db)
    return _json(options)


@blueprint.post("/enrol/<token>")
@public(rate=Rate.LOGIN)
def enrol(token: str) -> Response:
    data = PasskeyAnswerSchema().load(request.get_json())
    opened = passkeys.enrol(
        token,
        data["credential"],
        label=data["label"],
        visit=_visit(),
        settings=services().settings,
        now=now(),
        db=services().db,
    )
    return _welcome(opened, HOMES[opened.role])


@blueprint.get("/link/<token>")
@public(rate=Rate.LOGIN)
def link_page(token: str) -> str:
    person = sessions.find_link(token, purpose="login", now=now(), db=services().db)
    return render_template("access/link.html", person=person, token=token, names=ROLE_NAMES)


@blueprint.post("/link/<token>")
@public(rate=Rate.LOGIN)
def redeem_link(token: str) -> Response:
    known = services()
    opened = sessions.redeem_login_link(
        token, visit=_visit(), settings=known.settings, now=now(), db=known.db
    )
    return give_session(_see(HOMES[opened.role]), opened, services().settings)


@blueprint.post("/logout")
@logged_in
def log_out() -> Response:
    sessions.log_out(require_login(), now=now(), db=services().db)
    return take_session_back(_see(url_for("home.index")), services().settings)


@blueprint.get("/roles")
@logged_in
def roles_page() -> str:
    found = queries.roles_of(require_actor().person_id, now=now(), db=services().db)
    return render_template("access/roles.html", accounts=found, names=ROLE_NAMES)


@blueprint.post("/roles")
@logged_in
def choose_role() -> Response:
    data = RoleChoiceSchema().load(submitted())
    opened = sessions.switch(require_login(), data["appointment_id"], now=now(), db=services().db)
    return give_session(_see(HOMES[opened.role]), opened, services().settings)


@blueprint.get("/account")
@logged_in
def account() -> str:
    present, known = require_login(), services()
    person = present.actor.person_id
    held = queries.passkeys_of(person, db=known.db)
    return render_template(
        "access/account.html",
        passkeys=held,
        is_fresh=not held or is_fresh(present.actor, now=now()),
        own_name=present.actor.passkey,
        sessions=own_sessions.sessions_of(present, now=now(), db=known.db),
        accounts=queries.roles_of(person, now=now(), db=known.db),
        names=ROLE_NAMES,
    )


@blueprint.post("/passkeys/options")
@logged_in
def registration_options() -> Response:
    known = services()
    options = passkeys.addition_options(require_actor(), settings=known.settings, now=now(), db=known.db)
    return _json(options)


@blueprint.post("/passkeys")
@logged_in
def add_passkey() -> Response:
    data = PasskeyAnswerSchema().load(request.get_json())
    passkeys.add(
        data["credential"],
        label=data["label"],
        actor=require_actor(),
        settings=services().settings,
        now=now(),
        db=services().db,
    )
    return jsonify(next=url_for("access.account"))


@blueprint.post("/passkeys/<credential>/rename")
@logged_in
def rename_passkey(credential: str) -> Response:
    data = PasskeyLabelSchema().load(submitted())
    passkeys.rename(_decoded(credential), data["label"], actor=require_actor(), db=services().db)
    return _see(url_for("access.account"))


@blueprint.post("/passkeys/<credential>/remove")
@logged_in
def remove_passkey(credential: str) -> Response:
    identifier, actor = _decoded(credential), require_actor()
    passkeys.remove(identifier, actor=actor, now=now(), db=services().db)
    if passkey_name(identifier) == actor.passkey:  # this session ended with it
        return take_session_back(_see(url_for("access.login_page")), services().settings)
    return _see(url_for("access.account"))


@blueprint.get("/prove")
@logged_in
def prove_page() -> str:
    """Ask for a passkey again before something that whoever finds an unlocked screen must not do."""
    target = local_path(request.args.get("next"), default=url_for("access.account"))
    has_passkey = bool(queries.passkeys_of(require_actor().person_id, db=services().db))
    return render_template(
        "access/prove.html", next=target, has_passkey=has_passkey, minutes=FRESH.seconds // 60
    )


@blueprint.post("/prove/options")
@logged_in
def proof_options() -> Response:
    known, person = services(), require_actor().person_id
    return _json(challenges.proof_options(person, settings=known.settings, now=now(), db=known.db))


@blueprint.post("/prove")
@logged_in
def prove() -> Response:
    data = PasskeyAnswerSchema().load(request.get_json())
    known = services()
    passkeys.prove(data["credential"], login=require_login(), settings=known.settings, now=now(), db=known.db)
    return jsonify(next=local_path(data["next"], default=url_for("access.account")))


@blueprint.post("/sessions/end")
@logged_in
def end_session() -> Response:
    chosen = SessionChoiceSchema().load(submitted())["session"]
    present = require_login()
    own_sessions.end_one(chosen, login=present, now=now(), db=services().db)
    if chosen == present.session_id:
        return take_session_back(_see(url_for("home.index")), services().settings)
    notices.say(SESSION_ENDED)
    return _see(url_for("access.account"))


@blueprint.post("/sessions/end-others")
@logged_in
def end_other_sessions() -> Response:
    count = own_sessions.end_others(login=require_login(), now=now(), db=services().db)
    notices.say(Message(f"已结束 {count} 个其他登录。", f"{count} other sessions ended."))
    return _see(url_for("access.account"))


def _visit() -> LoginBrowser:
    """The browser that is about to log in; the session that it holds now ends."""
    present = login()
    return LoginBrowser(
        device=device_of(request.headers.get("User-Agent", "")),
        network=network_of(request.remote_addr or ""),
        over=None if present is None else present.session_id,
    )


def _decoded(credential: str) -> bytes:
    try:
        return base64url_to_bytes(credential)
    except ValueError as error:
        raise NotFoundError from error


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _welcome(opened: OpenedSession, target: str) -> Response:
    return give_session(jsonify(next=target), opened, services().settings)


def _see(target: str) -> Response:
    return redirect(target, 303)  # type: ignore[return-value]  # werkzeug's base class
