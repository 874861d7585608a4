"""Hubs under the national and the dual profile: keys, codes, verification, and the policy of whoever verifies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from hub.cli.context import HubContext
from hub.cli.plate import plate
from hub.cli.verify import verify
from hub.codes.dynamic import new_dynamic
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.keys.algorithms import AlgorithmNotOfferedError
from hub.trust.keys.issuer import Issuer, open_ring
from hub.trust.record.database import open_database
from keys import Algorithm, KeyRing, KeySet, Purpose, profile_algorithms
from signing import CodeError, Reason, Verifier
from signing.qr import plate_symbol
from tests.conftest import CHEAP, PASSPHRASE
from tests.functional.test_operator_commands import hub as command
from tests.support.applications import create_app, stop
from tests.support.browser import Browser
from tests.support.plates import NOW, OWNER, USCC, PlateOffice, add_enterprise, add_premises, lay_plate

HOST = "http://127.0.0.1:8000"
SIGNED = (Purpose.CODE_PLATE, Purpose.CODE_DYNAMIC, Purpose.CREDENTIAL, Purpose.STATUS, Purpose.RECEIPT)


def under(profile: str, settings: Settings, folder: Path) -> Settings:
    """A hub's settings under a profile, with a ring of its own."""
    KeyRing.create(folder, PASSPHRASE, now=NOW, cost=CHEAP, algorithms=profile_algorithms(profile))
    return replace(settings, profile=profile, keys_uri=f"file:{folder}")


@pytest.fixture
def national(settings: Settings, tmp_path: Path) -> Settings:
    return under("national", settings, tmp_path / "national")


@pytest.fixture
def dual(settings: Settings, tmp_path: Path) -> Settings:
    return under("dual", settings, tmp_path / "dual")


@pytest.fixture
def national_app(national: Settings) -> Iterator[Flask]:
    yield from running(national)


@pytest.fixture
def dual_app(dual: Settings) -> Iterator[Flask]:
    yield from running(dual)


def running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    stop(app)


def issued(settings: Settings, db: Database, algorithm: Algorithm | None = None) -> str:
    press = PlateOffice(Issuer(open_ring(settings)), settings.base_url)
    place = add_premises(db, name=f"{algorithm} 店")
    return lay_plate(place, press=press, now=NOW, db=db, algorithm=algorithm).text


def asked(app: Flask, body: dict[str, object]) -> dict[str, object]:
    answer = app.test_client().post("/api/v1/verifications", json=body)
    assert answer.status_code == 200
    told = answer.get_json()
    assert isinstance(told, dict)
    return told


def published(app: Flask) -> dict[str, object]:
    found = app.test_client().get("/.well-known/jwks.json").get_json()
    assert isinstance(found, dict)
    return found


def test_a_national_hub_is_made_issues_and_verifies_from_the_command_line(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path / "var"), "HUB_PROFILE": "national"}
    command("init", environ=environ, code=0)
    db = open_database(f"sqlite:///{tmp_path}/var/hub.sqlite3")
    add_enterprise(db)
    add_premises(db)
    db.close()

    made = json.loads(command("plate", "issue", "--uscc", USCC, "--json", environ=environ, code=0).stdout)
    genuine = command("verify", made["text"], "--algorithm", "SM2", "--json", environ=environ)
    other = command("verify", made["text"], "--algorithm", "ES256", "--json", environ=environ, code=2)
    keys = json.loads(command("keys", "list", "--json", environ=environ, code=0).stdout)

    assert json.loads(genuine.stdout)["genuine"] is True
    assert json.loads(other.stdout)["reasons"] == ["CODE_ALGORITHM_NOT_ACCEPTED"]
    algorithms = {key["purpose"]: key["alg"] for key in keys}
    assert all(algorithms[purpose] == "SM2" for purpose in SIGNED)
    assert algorithms[Purpose.LOG] == "EdDSA"
    assert not any("d" in key for key in keys)


def test_a_national_hub_answers_by_its_api_and_the_fast_lane_alike(
    national_app: Flask, national: Settings, db: Database
) -> None:
    add_enterprise(db)
    text = issued(national, db)
    altered = text[:-40] + ("A" if text[-40] != "A" else "B") + text[-39:]

    for _ in range(2):  # the first is the application's, the second the fast path's
        assert asked(national_app, {"code": text})["genuine"] is True
        assert asked(national_app, {"code": altered})["reasons"] == ["CODE_SIGNATURE"]
    assert asked(national_app, {"code": text, "algorithms": ["SM2"]})["genuine"] is True
    refused = asked(national_app, {"code": text, "algorithms": ["ES256"]})

    assert (refused["genuine"], refused["reasons"]) == (False, ["CODE_ALGORITHM_NOT_ACCEPTED"])
    assert "enterprise" not in refused


def test_a_batch_is_held_against_the_policy_as_well(
    national_app: Flask, national: Settings, db: Database
) -> None:
    add_enterprise(db)
    text = issued(national, db)
    body = {"items": [{"code": text}, {"code": "x"}], "algorithms": ["ES256"]}

    told = national_app.test_client().post("/api/v1/verifications/batch", json=body).get_json()

    assert told["items"][0]["reasons"] == ["CODE_ALGORITHM_NOT_ACCEPTED"]


@pytest.mark.parametrize("algorithms", [[], ["RS256"], ["none"], "SM2", ["SM2", "SM2", "SM2"], [1]])
def test_a_policy_of_unknown_algorithms_is_refused(national_app: Flask, algorithms: object) -> None:
    body = {"code": "x", "algorithms": algorithms}

    assert national_app.test_client().post("/api/v1/verifications", json=body).status_code == 400


def test_a_stranger_verifies_a_national_code_by_the_published_keys_alone(
    national_app: Flask, national: Settings, db: Database
) -> None:
    add_enterprise(db)
    text = issued(national, db)
    keys = KeySet.from_jwks(published(national_app))
    accepting = Verifier(keys, origins=[HOST], algorithms=frozenset({Algorithm.SM2}))
    international = Verifier(keys, origins=[HOST], algorithms=frozenset({Algorithm.ES256}))

    assert accepting.verify_code(text, now=NOW).uscc == USCC
    with pytest.raises(CodeError) as refusal:
        international.verify_code(text, now=NOW)
    assert refusal.value.reason is Reason.CODE_ALGORITHM_NOT_ACCEPTED


def test_a_dual_hub_publishes_both_and_signs_with_what_is_asked_for(
    dual_app: Flask, dual: Settings, db: Database
) -> None:
    add_enterprise(db)
    usual, sm2 = issued(dual, db), issued(dual, db, Algorithm.SM2)
    keys = published(dual_app)["keys"]
    assert isinstance(keys, list)
    algorithms = {purpose: {key["alg"] for key in keys if key["purpose"] == purpose} for purpose in SIGNED}

    assert all(both == {"ES256", "SM2"} for both in algorithms.values())
    for text, right, wrong in ((usual, "ES256", "SM2"), (sm2, "SM2", "ES256")):
        assert asked(dual_app, {"code": text})["genuine"] is True
        assert asked(dual_app, {"code": text, "algorithms": [right]})["genuine"] is True
        assert asked(dual_app, {"code": text, "algorithms": [wrong]})["reasons"] == [
            "CODE_ALGORITHM_NOT_ACCEPTED"
        ]
        assert asked(dual_app, {"code": text, "algorithms": [wrong, right]})["genuine"] is True


def test_a_hub_that_requires_sm2_refuses_what_it_signed_otherwise(dual: Settings, db: Database) -> None:
    add_enterprise(db)
    usual, sm2 = issued(dual, db), issued(dual, db, Algorithm.SM2)
    for app in running(replace(dual, algorithms=frozenset({Algorithm.SM2}))):
        assert asked(app, {"code": sm2})["genuine"] is True
        assert asked(app, {"code": usual})["reasons"] == ["CODE_ALGORITHM_NOT_ACCEPTED"]
        assert (
            asked(app, {"code": usual, "algorithms": ["ES256"]})["genuine"] is False
        )  # never more than the hub


def test_a_hub_without_the_algorithm_says_so_and_makes_nothing(settings: Settings, db: Database) -> None:
    add_enterprise(db)

    with pytest.raises(AlgorithmNotOfferedError):
        issued(settings, db, Algorithm.SM2)

    add_premises(db)
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)
    refused = CliRunner().invoke(plate, ["issue", "--uscc", USCC, "--algorithm", "SM2"], obj=context)
    assert isinstance(refused.exception, AlgorithmNotOfferedError)
    assert CliRunner().invoke(plate, ["list", "--uscc", USCC], obj=context).output == ""


def test_the_command_line_verifies_by_the_policy_given(dual: Settings, db: Database) -> None:
    add_enterprise(db)
    text = issued(dual, db, Algorithm.SM2)
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=dual, db=db)

    both = ["--algorithm", "ES256", "--algorithm", "SM2", "--json"]
    good = CliRunner().invoke(verify, [text, *both], obj=context)
    bad = CliRunner().invoke(verify, [text, "--algorithm", "ES256", "--json"], obj=context)

    assert json.loads(good.output)["genuine"] is True
    assert json.loads(bad.output)["reasons"] == ["CODE_ALGORITHM_NOT_ACCEPTED"]


def test_an_sm2_plate_is_as_small_as_any_other(dual: Settings, db: Database) -> None:
    add_enterprise(db)
    usual, sm2 = plate_symbol(issued(dual, db)), plate_symbol(issued(dual, db, Algorithm.SM2))

    assert usual.version == sm2.version


@pytest.mark.parametrize("algorithm", [None, Algorithm.ES256, Algorithm.SM2])
def test_a_dynamic_code_is_signed_in_the_algorithm_asked_for(
    dual: Settings, db: Database, algorithm: Algorithm | None
) -> None:
    add_enterprise(db)
    press = PlateOffice(Issuer(open_ring(dual)), dual.base_url)
    shown = new_dynamic(USCC, press=press, seconds=60, by=OWNER, now=NOW, algorithm=algorithm)
    required = frozenset({algorithm or Algorithm.ES256})
    verifier = Verifier(press.issuer.key_set, origins=[HOST], algorithms=required)

    assert verifier.verify_code(shown.text, now=NOW).uscc == USCC


def test_the_screen_goes_on_in_the_algorithm_asked_for(dual_app: Flask, db: Database) -> None:
    add_enterprise(db)
    owner = Browser(dual_app)
    owner.login(Role.OWNER, uscc=USCC)

    page = owner.get("/enterprise/code/current?algorithm=SM2")

    assert "/enterprise/code/current?algorithm=SM2" in page.get_data(as_text=True)
    assert owner.get("/enterprise/code/current?algorithm=none").status_code == 400
