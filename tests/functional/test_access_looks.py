"""Who looked at whose data, and accounts at the command line."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub.access.errors import TooManyManagersError
from hub.access.look_history import visits
from hub.access.looks import record_look
from hub.access.models import Invitation, LoginSession, Look, PasskeyChallenge
from hub.access.queries import people_of
from hub.access.retention import forget_expired
from hub.access.service import Post, invite
from hub.cli.account import account
from hub.cli.context import HubContext
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from hub.kernel.ids import new_id
from hub.trust.record.models import Event
from tests.support.enterprises import USCC, add_enterprise
from tests.support.remits import serve

pytestmark = pytest.mark.usefixtures("acts_are_named")


def person(role: Role, now: datetime, *, uscc: str | None = None) -> Actor:
    return Actor(new_id(now), "李明", role, uscc=uscc, department=None if uscc else "示范局")


def test_a_look_is_on_record_and_shown_to_the_enterprise(any_db: Database, now: datetime) -> None:
    officer = person(Role.OFFICER, now)
    serve(officer, db=any_db)
    add_enterprise(any_db)
    add_enterprise(any_db, uscc="91330110MA2B0XYZ1K")
    record_look(actor=officer, uscc=USCC, purpose="routine", reason="", seen="history", now=now, db=any_db)
    record_look(
        actor=officer, uscc=USCC, purpose="other", reason="群众来电", seen="archives", now=now, db=any_db
    )
    record_look(
        actor=officer, uscc="91330110MA2B0XYZ1K", purpose="routine", reason="", seen="x", now=now, db=any_db
    )

    newest, oldest = visits(USCC, db=any_db)

    assert {newest.seen, oldest.seen} == {"archives", "history"}
    assert oldest.viewer == "李明"
    assert oldest.department == "示范局"
    assert {look.purpose.zh for look in (newest, oldest)} == {"其他", "日常检查"}
    with any_db.read() as session:
        kinds = session.scalars(select(Event.kind).where(Event.uscc == USCC)).all()
        assert kinds == ["enterprise.looked"] * 2
        said = json.dumps([row.data for row in session.scalars(select(Event))], ensure_ascii=False)
        assert "李明" not in said
        assert "群众来电" not in said


def test_looks_are_paged_by_the_last_one_shown(db: Database, now: datetime) -> None:
    officer = person(Role.OFFICER, now)
    serve(officer, db=db)
    add_enterprise(db)
    for number in range(5):
        moment = now + timedelta(seconds=number)
        record_look(
            actor=officer, uscc=USCC, purpose="routine", reason="", seen=str(number), now=moment, db=db
        )

    first = visits(USCC, limit=3, db=db)
    rest = visits(USCC, limit=3, before=first[-1].id, db=db)

    assert [look.seen for look in first + rest] == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("purpose", "reason", "code"),
    [
        ("", "", "PURPOSE"),
        ("curiosity", "x", "PURPOSE"),
        ("other", "  ", "REASON"),
        ("routine", "长" * 201, "REASON"),
        ("other", "x\0y", "REASON"),
        ("other", "\u202ex", "REASON"),
    ],
)
def test_a_look_without_a_purpose_is_refused_and_not_recorded(
    db: Database, now: datetime, purpose: str, reason: str, code: str
) -> None:
    with pytest.raises(InvalidInputError, match=f": {code}"):
        record_look(
            actor=person(Role.OFFICER, now),
            uscc=USCC,
            purpose=purpose,
            reason=reason,
            seen="x",
            now=now,
            db=db,
        )
    assert visits(USCC, db=db) == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.AUDITOR])
def test_those_without_the_right_do_not_look(db: Database, now: datetime, role: Role) -> None:
    actor = person(role, now, uscc=USCC if role is Role.OWNER else None)

    with pytest.raises(NotAllowedError):
        record_look(actor=actor, uscc=USCC, purpose="routine", reason="", seen="x", now=now, db=db)


def ask(place: Post, by: Actor, now: datetime, db: Database) -> None:
    invite(place, name="新人", by=by, base_url="http://127.0.0.1:8000", now=now, db=db)


def test_the_holder_names_managers_and_agents_of_his_own_enterprise_only(db: Database, now: datetime) -> None:
    add_enterprise(db)
    owner = person(Role.OWNER, now, uscc=USCC)
    ask(Post(Role.MANAGER, uscc=USCC), owner, now, db)
    ask(Post(Role.AGENT, uscc=USCC), owner, now, db)

    with pytest.raises(NotAllowedError):
        ask(Post(Role.OWNER, uscc=USCC), owner, now, db)
    with pytest.raises(NotFoundError):
        ask(Post(Role.AGENT, uscc="91330110MA2B0XYZ1K"), owner, now, db)
    with pytest.raises(NotAllowedError):
        ask(Post(Role.OFFICIAL, department="示范局"), owner, now, db)
    assert [row.role for row in people_of(USCC, db=db)] == [Role.AGENT, Role.MANAGER]


def test_a_manager_names_agents_and_an_agent_nobody(db: Database, now: datetime) -> None:
    add_enterprise(db)
    ask(Post(Role.AGENT, uscc=USCC), person(Role.MANAGER, now, uscc=USCC), now, db)

    with pytest.raises(NotAllowedError):
        ask(Post(Role.MANAGER, uscc=USCC), person(Role.MANAGER, now, uscc=USCC), now, db)
    with pytest.raises(NotAllowedError):
        ask(Post(Role.AGENT, uscc=USCC), person(Role.AGENT, now, uscc=USCC), now, db)


def test_an_enterprise_has_at_most_five_managers(db: Database, now: datetime) -> None:
    add_enterprise(db)
    owner = person(Role.OWNER, now, uscc=USCC)
    for _ in range(5):
        ask(Post(Role.MANAGER, uscc=USCC), owner, now, db)

    with pytest.raises(TooManyManagersError):
        ask(Post(Role.MANAGER, uscc=USCC), owner, now, db)


@pytest.mark.parametrize("name", ["", "  ", "长" * 101, "李\u202e明", "李\x00明", "李\n明"])
def test_a_name_that_cannot_be_shown_is_refused(db: Database, now: datetime, name: str) -> None:
    with pytest.raises(InvalidInputError):
        invite(
            Post(Role.OFFICIAL, department="示范局"),
            name=name,
            by=person(Role.OFFICIAL, now),
            base_url="http://127.0.0.1:8000",
            now=now,
            db=db,
        )


@pytest.mark.parametrize(
    "place",
    [{"role": Role.OWNER}, {"role": Role.OWNER, "department": "x"}, {"role": Role.OFFICER, "uscc": USCC}],
)
def test_a_role_stands_in_its_kind_of_place(place: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match="ROLE_PLACE"):
        Post(**place)  # type: ignore[arg-type]


def test_what_has_served_its_time_is_forgotten_and_looks_are_not(db: Database, now: datetime) -> None:
    add_enterprise(db)
    officer = person(Role.OFFICER, now)
    serve(officer, db=db)
    record_look(actor=officer, uscc=USCC, purpose="routine", reason="", seen="x", now=now, db=db)
    ask(Post(Role.OFFICIAL, department="示范局"), person(Role.OFFICIAL, now), now, db)

    forget_expired(db, now=now + timedelta(days=1))
    with db.read() as session:
        assert len(session.scalars(select(Invitation)).all()) == 1
    forget_expired(db, now=now + timedelta(days=400))

    with db.read() as session:
        assert [
            len(session.scalars(select(kind)).all()) for kind in (Invitation, LoginSession, PasskeyChallenge)
        ] == [0, 0, 0]
        assert len(session.scalars(select(Look)).all()) == 1


@pytest.fixture
def runner(environ: dict[str, str]) -> CliRunner:
    return CliRunner(env=environ)


def test_the_operator_invites_lists_and_ends(runner: CliRunner) -> None:
    hub = HubContext()
    words = ["invite", "--role", "officer", "--name", "李明", "--department", "示范局", "--json"]
    made = runner.invoke(account, words, obj=hub, catch_exceptions=False)
    facts = json.loads(made.stdout)
    assert facts["link"].startswith("http://localhost:8000/access/enrol/")

    listed = runner.invoke(account, ["list", "--json"], obj=hub, catch_exceptions=False)
    (row,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert (row["name"], row["role"], row["ended_at"]) == ("李明", "officer", None)

    ended = runner.invoke(account, ["end", facts["appointment_id"]], obj=hub, catch_exceptions=False)
    assert ended.exit_code == 0
    assert "已终止" in runner.invoke(account, ["list"], obj=hub, catch_exceptions=False).stdout
    hub.db.close()


def test_the_operator_sees_the_link_alone_on_standard_output(runner: CliRunner) -> None:
    hub = HubContext()
    words = ["invite", "--role", "official", "--name", "王芳", "--department", "示范局", "--expires", "1"]
    made = runner.invoke(account, words, obj=hub, catch_exceptions=False)

    assert made.stdout.startswith("http://localhost:8000/access/enrol/")
    assert made.stdout.count("\n") == 1
    assert "仅能使用一次" in made.stderr
    hub.db.close()
