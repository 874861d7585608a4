"""`hub log`: what an operator proves and checks."""

import base64
import json
from pathlib import Path

import pytest

from hub import config
from hub.kernel.errors import NotFoundError
from hub.trust.record.errors import KeyRecordUnreadableError
from signing.log import leaf_hash, verify_consistency, verify_inclusion, verify_receipt
from signing.log.checkpoint import Checkpoint
from signing.log.note import parse_note
from tests.support.logs import USCC, LogHub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> LogHub:
    made = LogHub.make(tmp_path_factory.mktemp("log") / "var")
    made.add(9)
    return made


def test_an_empty_log_has_no_checkpoint(tmp_path: Path) -> None:
    empty = LogHub.make(tmp_path / "var")
    assert isinstance(empty.run("log", "checkpoint").exception, NotFoundError)
    verified = empty.run("log", "verify")
    assert verified.exit_code == 0
    empty.db.close()


def test_an_act_is_proven_by_its_own_id_and_by_what_it_is_about(hub: LogHub) -> None:
    act = hub.add(1)[0]
    by_id = json.loads(hub.run("log", "prove", act, "--json").output)
    by_subject = json.loads(hub.run("log", "prove", "subject-0", "--json").output)

    (entry,) = by_id["entries"]
    assert entry["id"] == act
    assert entry in by_subject["entries"]
    proof = entry["proof"]
    root = Checkpoint.read(parse_note(proof["checkpoint"]).text).root
    path = [base64.b64decode(node) for node in proof["path"]]
    verify_inclusion(leaf_hash(proof["leaf"].encode()), proof["index"], proof["size"], path, root)
    assert f"entry {proof['index']} of" in hub.run("log", "prove", act).output
    assert isinstance(hub.run("log", "prove", "nobody").exception, NotFoundError)


def test_a_receipt_is_written_with_and_without_its_opening(hub: LogHub, tmp_path: Path) -> None:
    act, out = hub.add(1)[0], tmp_path / "receipt.txt"
    sealed = hub.run("log", "receipt", act).output.strip()
    assert hub.run("log", "receipt", act, "--open", "--out", out).exit_code == 0
    opened = out.read_text(encoding="ascii").strip()

    keys, now = hub.issuer.key_set, config.now()
    assert verify_receipt(sealed, keys=keys, now=now).opening is None
    shown = verify_receipt(opened, keys=keys, now=now).opening
    assert shown is not None
    assert shown["uscc"] == USCC
    said = hub.run("verify", out, "--json")
    assert (said.exit_code, json.loads(said.output)["reasons"]) == (0, ["RECEIPT_IN_LOG"])
    assert hub.run("verify", sealed[:-4] + "AAAA").exit_code == 2


def test_two_sizes_are_shown_to_be_one_history(hub: LogHub) -> None:
    told = json.loads(hub.run("log", "consistency", 3, 9, "--json").output)

    roots = [base64.b64decode(told[name]["root"]) for name in ("old", "new")]
    verify_consistency(3, 9, [base64.b64decode(node) for node in told["proof"]], roots[0], roots[1])
    assert "The proof holds" in hub.run("log", "consistency", 3, 9).output
    for impossible in ((9, 3), (1, 10_000)):
        refused = hub.run("log", "consistency", *impossible)
        assert refused.exit_code == 2
        assert "OLD 不得大于 NEW" in refused.output


def test_an_act_on_keys_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    hub = LogHub.make(tmp_path / "var")
    hub.run("keys", "generate", "code-plate")
    with hub.db.engine.begin() as connection:
        edited = "UPDATE trust_event SET at = 'x' WHERE kind = 'key.generated'"
        assert connection.exec_driver_sql(edited).rowcount

    signing = hub.run("worker", "--once").exception
    found = hub.run("log", "verify")

    assert isinstance(signing, KeyRecordUnreadableError)
    assert (found.exit_code, "EVENT_EDITED  trust_event" in found.output) == (1, True), found.exception
    hub.db.close()


def test_what_was_edited_behind_the_hub_is_named(tmp_path: Path) -> None:
    hub = LogHub.make(tmp_path / "var")
    hub.add(9)
    assert hub.run("log", "verify").exit_code == 0
    with hub.db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE trust_event SET subject = 'changed' WHERE subject = 'subject-4'")

    found = hub.run("log", "verify", "--json")

    assert found.exit_code == 1
    assert "trust_event" in {each["table"] for each in json.loads(found.output)["findings"]}
    assert "trust_event" in hub.run("log", "verify").output
    hub.db.close()
