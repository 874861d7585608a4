"""A request sent twice has one effect: through the API with a key, through a form with its token."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from hub.codes.models import Plate
from hub.config import Settings, now
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.idempotency import service as answered
from hub.kernel.idempotency.models import AnswerRow
from hub.registry.models import Enterprise
from hub.trust.record.models import Event
from hub.web.context import EXTENSION, Services
from keys.errors import SignerAwayError
from tests.support.applications import create_app, stop
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.issuing import Watch, nothing, open_subjects, standing_ids
from tests.support.plates import OTHER_USCC, USCC, add_enterprise, add_premises
from tests.support.threads import at_once

PATH = "/api/v1/plates"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def hub(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The application on either database, with a signer that is watched."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_db").engine.url.render_as_string(hide_password=False)
        settings = replace(settings, database_url=url)
    app = create_app(settings)
    services: Services = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(services, issuer=Watch(settings))
    yield app
    stop(app)


@pytest.fixture
def owner(hub: Flask) -> Browser:
    browser = Browser(hub)
    add_enterprise(browser.services.db)
    browser.login(Role.OWNER, uscc=USCC)
    return browser


def watch_of(browser: Browser) -> Watch:
    issuer = browser.services.issuer
    assert isinstance(issuer, Watch)
    return issuer


def ask(browser: Browser, premises_id: UUID | str, key: str | None = None) -> TestResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    return browser.json(PATH, {"premises_id": str(premises_id)}, headers=headers)


def answers_kept(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(AnswerRow)) or 0


def test_a_plate_is_issued_through_the_api(owner: Browser) -> None:
    premises_id = add_premises(owner.services.db)

    answer = ask(owner, premises_id)

    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["uscc"], answer.json["premises_id"], answer.json["serial"]) == (
        USCC,
        str(premises_id),
        1,
    )
    assert answer.json["plate_id"] in standing_ids(owner.services.db)
    assert answer.json["text"].startswith(f"{owner.services.settings.base_url}/c/P1.{USCC}.")
    assert ask(owner, premises_id).status_code == 409


def test_the_same_key_and_body_get_the_first_answer_again(owner: Browser) -> None:
    premises_id = add_premises(owner.services.db)

    first, again = ask(owner, premises_id, "k-1"), ask(owner, premises_id, "k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.mimetype == again.mimetype == "application/json"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Cache-Control"] == "no-store"
    assert len(watch_of(owner).signed) == 1


def test_the_same_key_with_another_body_is_refused(owner: Browser) -> None:
    db = owner.services.db
    ask(owner, add_premises(db), "k-1")

    answer = ask(owner, add_premises(db, name="另一店"), "k-1")

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["reason"] == "IDEMPOTENCY_KEY_REUSED"
    assert list(answer.json["fields"]) == ["Idempotency-Key"]
    assert len(standing_ids(db)) == 1


@pytest.mark.parametrize("key", ["", "x" * 129, "with space", "h\xe9"])
def test_a_key_that_is_none_is_refused(owner: Browser, key: str) -> None:
    answer = ask(owner, add_premises(owner.services.db), key)

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["reason"] == "IDEMPOTENCY_KEY"
    assert standing_ids(owner.services.db) == []


def test_the_same_key_of_another_person_is_another_key(owner: Browser, hub: Flask) -> None:
    db = owner.services.db
    add_enterprise(db, uscc=OTHER_USCC)
    other = Browser(hub)
    other.login(Role.OWNER, uscc=OTHER_USCC)
    mine, theirs = add_premises(db), add_premises(db, uscc=OTHER_USCC)

    assert ask(owner, mine, "k-1").status_code == 201
    assert ask(other, theirs, "k-1").status_code == 201
    assert ask(other, mine, "k-1").status_code == 422
    assert ask(other, mine, "k-2").status_code == 404


def test_a_refusal_is_not_kept_and_the_request_is_judged_anew(owner: Browser) -> None:
    db = owner.services.db
    premises_id = add_premises(db)
    with beside(db) as session:
        session.execute(update(Enterprise).values(state="注销"))
    assert ask(owner, premises_id, "k-1").status_code == 409
    assert answers_kept(db) == 0
    with beside(db) as session:
        session.execute(update(Enterprise).values(state="存续"))

    assert ask(owner, premises_id, "k-1").status_code == 201


def test_of_fifty_with_one_key_at_once_one_has_the_effect_and_the_signer_runs_once(owner: Browser) -> None:
    db = owner.services.db
    premises_id = add_premises(db)
    owner.get("/enterprise/premises")  # the form token, before the threads

    results = at_once(50, lambda _: ask(owner, premises_id, "k-1"))

    answers = [each for each in results if isinstance(each, TestResponse)]
    assert len(answers) == 50, [each for each in results if not isinstance(each, TestResponse)][:1]
    assert {answer.status_code for answer in answers} <= {201, 409, 503}  # 503: too many at once, none begun
    made = {answer.data for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert {answer.json["reason"] for answer in waiting if answer.json and answer.status_code == 409} <= {
        "IDEMPOTENCY_IN_PROGRESS"
    }
    assert all("Retry-After" in answer.headers for answer in waiting)
    assert len(watch_of(owner).signed) == 1
    assert (len(standing_ids(db)), answers_kept(db)) == (1, 1)
    assert {ask(owner, premises_id, "k-1").data} == made


def test_without_the_signer_the_answer_is_503_and_the_same_key_later_gets_the_plate(owner: Browser) -> None:
    db = owner.services.db
    premises_id = add_premises(db)

    def away() -> None:
        raise SignerAwayError

    watch_of(owner).before = away
    refused = ask(owner, premises_id, "k-1")
    assert refused.status_code == 503
    assert refused.json is not None
    assert refused.json["reason"] == "ISSUE_DELAYED"
    assert int(refused.headers["Retry-After"]) > 0
    assert open_subjects(db) == [str(premises_id)]
    metrics = owner.get("/metrics").text
    assert 'hub_open_intents{kind="plate"} 1.0' in metrics
    watch_of(owner).before = nothing

    answer = ask(owner, premises_id, "k-1")

    assert answer.status_code == 201
    assert len(watch_of(owner).signed) == 1
    assert "hub_open_intents{" not in owner.get("/metrics").text


def test_a_crash_before_the_answer_is_kept_does_not_cost_the_caller_the_plate(owner: Browser) -> None:
    """The effect is committed, the answer is not: under the same key the same plate is found."""
    db = owner.services.db
    premises_id = add_premises(db)
    first = ask(owner, premises_id, "k-1")
    with db.write() as session:  # as a process leaves it that dies between the two, a minute later
        session.execute(
            update(AnswerRow).values(status=None, headers=None, body=None, claimed_at=AnswerRow.claimed_at)
        )
    assert ask(owner, premises_id, "k-1").status_code == 409
    with db.write() as session:
        session.execute(update(AnswerRow).values(claimed_at=now() - timedelta(minutes=2)))

    again = ask(owner, premises_id, "k-1")

    assert (again.status_code, again.data) == (201, first.data)
    assert len(standing_ids(db)) == 1


def test_answers_are_forgotten_after_a_day(owner: Browser) -> None:
    db = owner.services.db
    ask(owner, add_premises(db), "k-1")

    answered.forget_expired(db, now=now() + timedelta(hours=23))
    assert answers_kept(db) == 1
    answered.forget_expired(db, now=now() + timedelta(hours=25))
    assert answers_kept(db) == 0


def test_premises_nobody_knows_and_bodies_out_of_shape_are_refused(owner: Browser) -> None:
    assert ask(owner, uuid4()).status_code == 404
    assert ask(owner, "not an id").status_code == 400
    assert owner.json(PATH, {"premises_id": str(uuid4()), "more": 1}).status_code == 400


def test_a_double_click_on_make_the_plate_makes_one_and_shows_it_twice(owner: Browser) -> None:
    db = owner.services.db
    premises_id = add_premises(db)
    page = owner.get("/enterprise/premises").text
    found = re.search(r'name="_once" value="([^"]+)"', page)
    assert found is not None
    path = f"/enterprise/premises/{premises_id}/plate"

    first, second = (owner.post(path, {"_once": found[1]}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(standing_ids(db)) == 1
    assert len(watch_of(owner).signed) == 1


def test_a_double_click_on_replace_the_plate_replaces_it_once(owner: Browser) -> None:
    db = owner.services.db
    assert ask(owner, add_premises(db)).status_code == 201
    (old,) = standing_ids(db)
    once = "a-token-of-the-page-0123456789"

    first, second = (owner.post(f"/enterprise/plates/{old}/replace", {"_once": once}) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Plate)) == 2
        assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == "plate.made")) == 2
