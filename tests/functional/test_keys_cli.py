"""`hub keys` as an operator meets it, and what it leaves on record and in public."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from hub.config import Settings
from hub.kernel.database import Database
from hub.trust.record.database import open_database
from hub.trust.record.models import Event, LogHead
from keys import RingFolder, RingOlderError
from tests.conftest import NOW, PASSPHRASE
from tests.support.applications import create_app, stop
from tests.support.softhsm import PIN, soft_token

SIGNING = (("worker", "--once"), ("serve",), ("bundle", "--out", os.devnull))


def hub(
    *arguments: str, environ: dict[str, str], code: int, typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", *arguments],
        env=kept | environ,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done


def listed(environ: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {
        key["kid"]: key for key in json.loads(hub("keys", "list", "--json", environ=environ, code=0).stdout)
    }


def key_acts(db: Database) -> list[tuple[str, str]]:
    with db.read() as session:
        rows = session.scalars(
            select(Event).where(Event.kind.startswith("key.")).order_by(Event.at, Event.id)
        )
        return [(row.kind, row.subject) for row in rows]


def test_a_key_is_generated_waits_and_is_not_rotated_too_early(environ: dict[str, str]) -> None:
    made = json.loads(hub("keys", "generate", "code-plate", "--json", environ=environ, code=0).stdout)
    early = hub("keys", "rotate", "code-plate", environ=environ, code=2)
    twice = hub("keys", "generate", "code-plate", environ=environ, code=2)

    assert [(key["kid"], key["state"]) for key in made] == [("P2", "pending")]
    assert "may sign from" in early.stderr
    assert "尚不能启用" in early.stderr
    assert "waiting already" in twice.stderr
    assert listed(environ)["P2"]["nbf"] == made[0]["iat"] + 600


def test_a_compromise_asks_and_a_no_changes_nothing(environ: dict[str, str]) -> None:
    asked = hub("keys", "compromise", "P1", "--reason", "stolen", environ=environ, code=1, typed="n\n")

    assert "P1 leaves the key set" in asked.stderr
    assert listed(environ)["P1"]["state"] == "active"


def test_a_compromised_key_is_replaced_at_once_and_all_of_it_is_on_record(
    environ: dict[str, str], db: Database
) -> None:
    arguments = ("keys", "compromise", "P1", "--reason", "token stolen", "--successor", "--yes", "--json")
    changed = json.loads(hub(*arguments, environ=environ, code=0).stdout)

    assert [(key["kid"], key["state"]) for key in changed] == [("P1", "compromised"), ("P2", "active")]
    assert changed[0]["reason"] == "token stolen"
    acts = key_acts(db)
    assert acts.index(("key.intended", "P1")) < acts.index(("key.compromised", "P1"))
    assert acts.index(("key.intended", "code-plate")) < acts.index(("key.generated", "P2"))


def test_a_refused_change_is_on_record_too(environ: dict[str, str], db: Database) -> None:
    refused = hub("keys", "retire", "P1", "--yes", environ=environ, code=2)

    assert "only verify-only keys are retired" in refused.stderr
    assert ("key.refused", "P1") in key_acts(db)


def test_what_a_run_did_not_live_to_record_is_recorded_by_the_next_look(
    environ: dict[str, str], home: Path, db: Database
) -> None:
    RingFolder(home / "keys", PASSPHRASE).compromise("D1", reason="lost", now=NOW)  # and then it was killed

    first = hub("keys", "list", environ=environ, code=0)
    once = key_acts(db)
    again = hub("keys", "list", environ=environ, code=0)

    assert "on record that were missing" in first.stderr
    assert ("key.compromised", "D1") in once
    assert "missing" not in again.stderr
    assert key_acts(db) == once


def test_the_first_keys_of_a_hub_are_on_record(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path / "var"), "HUB_KEYS_PASSPHRASE": PASSPHRASE}
    hub("init", environ=environ, code=0)
    db = open_database(f"sqlite:///{tmp_path / 'var' / 'hub.sqlite3'}")

    assert sum(kind == "key.generated" for kind, _ in key_acts(db)) == 8
    db.close()


def test_a_lost_key_folder_is_not_replaced_without_a_word_and_its_names_stay_used(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path / "var"), "HUB_KEYS_PASSPHRASE": PASSPHRASE}
    hub("init", environ=environ, code=0)
    shutil.rmtree(tmp_path / "var" / "keys")

    refused = hub("init", environ=environ, code=2)
    hub("init", "--new-keys", environ=environ, code=0)

    assert "restore it from a backup" in refused.stderr
    assert {kid for kid in listed(environ) if len(kid) == 2} == {"P2", "D2"}
    assert "0 findings" in hub("log", "verify", environ=environ, code=0).stdout


def test_new_keys_asked_for_where_none_were_lost_bless_no_forged_head(
    environ: dict[str, str], db: Database
) -> None:
    hub("init", environ=environ, code=0)
    with db.write() as session:
        head = session.scalars(select(LogHead)).one()
        text, _, signature = head.checkpoint.rpartition(" ")
        forged = base64.b64encode(b"\0\0\0\1" + base64.b64decode(signature)[4:]).decode()
        head.checkpoint = f"{text} {forged}\n"  # signed by a key that this hub never had
        checkpoint = head.checkpoint

    hub("init", "--new-keys", environ=environ, code=0)

    hub("log", "verify", environ=environ, code=1)
    with db.read() as session:
        assert session.scalars(select(LogHead)).one().checkpoint == checkpoint


def test_an_old_copy_of_the_ring_is_told_from_the_record(environ: dict[str, str], home: Path) -> None:
    copy = (home / "keys" / "ring.json").read_bytes()
    hub("keys", "list", environ=environ, code=0)
    hub("keys", "compromise", "P1", "--reason", "stolen", "--yes", environ=environ, code=0)
    (home / "keys" / "ring.json").write_bytes(copy)  # and P1 would be believed again

    said = hub("keys", "list", environ=environ, code=0).stderr
    findings = json.loads(hub("doctor", "--json", environ=environ, code=1).stdout)

    assert "key.compromised P1" in said
    assert "key ring" in {finding["what"] for finding in findings if finding["level"] == "fix"}


def test_nothing_that_signs_starts_with_an_older_ring_until_its_acts_are_done_again(
    environ: dict[str, str], home: Path, settings: Settings
) -> None:
    copy = (home / "keys" / "ring.json").read_bytes()
    hub("keys", "list", environ=environ, code=0)
    hub("keys", "compromise", "P1", "--reason", "stolen", "--yes", environ=environ, code=0)
    (home / "keys" / "ring.json").write_bytes(copy)

    with pytest.raises(RingOlderError, match=r"key.compromised P1"):
        create_app(settings)
    refused = [hub(*command, environ=environ, code=2).stderr for command in SIGNING]
    hub("keys", "compromise", "P1", "--reason", "stolen", "--yes", environ=environ, code=0)
    hub("worker", "--once", environ=environ, code=0)
    app = create_app(settings)
    stop(app)

    for said in refused:
        assert "key.compromised P1" in said
        assert "docs/operations/keys.md" in said
        assert "密钥环是旧副本" in said


@pytest.mark.parametrize("profile", ["national", "dual"])
def test_a_national_hub_has_sm2_keys_where_the_profile_asks_for_them(tmp_path: Path, profile: str) -> None:
    environ = {
        "HUB_HOME": str(tmp_path / "var"),
        "HUB_KEYS_PASSPHRASE": PASSPHRASE,
        "HUB_PROFILE": profile,
    }
    hub("init", environ=environ, code=0)
    keys = listed(environ).values()
    sm2 = {key["purpose"] for key in keys if key["alg"] == "SM2"}

    assert sm2 == {"code-plate", "code-dynamic", "credential", "status", "receipt"}
    assert {key["alg"] for key in keys if key["purpose"] in {"log", "bundle"}} == {"EdDSA"}
    if profile == "dual":
        unclear = hub("keys", "generate", "code-plate", environ=environ, code=2)
        assert "--algorithm" in unclear.stderr


def test_the_signed_history_is_public_and_follows_the_ring(
    environ: dict[str, str], settings: Settings
) -> None:
    app = create_app(settings)
    client = app.test_client()
    before = client.get("/.well-known/key-history")
    hub("keys", "compromise", "D1", "--reason", "phone lost", "--yes", environ=environ, code=0)
    app.extensions["hub"].issuer._look_at = 0.0  # the half second between two looks is over
    after = client.get("/.well-known/key-history")

    assert before.mimetype == "application/key-history+jwt"
    assert before.headers["Cache-Control"].startswith("public")
    published = jwt.PyJWKSet.from_dict(client.get("/.well-known/jwks.json").get_json())
    header = jwt.get_unverified_header(after.text)
    claims = jwt.decode(
        after.text, published[header["kid"]].key, algorithms=["EdDSA"], issuer=settings.base_url
    )
    lost = next(key for key in claims["keys"] if key["kid"] == "D1")
    assert (lost["state"], lost["reason"]) == ("compromised", "phone lost")
    assert "D1" not in {key.key_id for key in published.keys}
    assert before.text != after.text
    stop(app)


def test_a_hub_with_its_keys_in_a_token_says_when_the_token_is_away(tmp_path: Path) -> None:
    token = soft_token(tmp_path / "hsm")
    environ = {
        "HUB_HOME": str(tmp_path / "var"),
        "HUB_KEYS": token.uri,
        "HUB_KEYS_PASSPHRASE": PIN,
        **token.environ,
    }
    hub("init", environ=environ, code=0)
    healthy = json.loads(hub("doctor", "--json", environ=environ, code=0).stdout)
    token.take_away()
    ill = json.loads(hub("doctor", "--json", environ=environ, code=1).stdout)
    unchecked = hub("keys", "list", environ=environ, code=0)
    unchanged = hub("keys", "compromise", "P1", "--reason", "x", "--yes", environ=environ, code=2)

    assert "key device" not in {finding["what"] for finding in healthy}
    assert "key device" in {finding["what"] for finding in ill if finding["level"] == "fix"}
    assert "unchecked" in unchecked.stderr
    assert "签名设备暂不可用" in unchanged.stderr


def test_a_token_without_its_pin_is_a_setting_that_stops_the_start(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path), "HUB_KEYS": "pkcs11:token=hub?module-path=/usr/lib/x.so"}
    without_pin = hub("keys", "list", environ=environ, code=2)
    without_module = hub("keys", "list", environ={**environ, "HUB_KEYS_PASSPHRASE": "1234"}, code=2)

    assert "PIN" in without_pin.stderr
    assert len(without_module.stderr.strip().splitlines()) == 1
