"""The bundle over HTTP and at the command line, and `hub verify --offline` as it is typed."""

import json
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from hub.cli.bundle import bundle
from hub.cli.commands import COMMANDS, cli
from hub.cli.context import HubContext
from hub.cli.verify import verify
from hub.codes.plates import service
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import InvalidInputError
from signing.bundle import read_bundle
from signing.offline import OfflineVerifier
from signing.status import Status
from tests.functional.test_carryings import carried
from tests.support.browser import Browser
from tests.support.plates import NOW, OPERATOR, OTHER_USCC, add_plate


@pytest.fixture
def hub(settings: Settings, db: Database) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)  # what it would open by itself from the environment
    return context


@pytest.fixture
def afield(tmp_path: Path) -> HubContext:
    """A machine that has no hub: opening anything of one fails. Its memory is its own."""
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=None, db=None, state_folder=tmp_path / "state")
    return context


def run(hub: HubContext, command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], obj=hub)


@pytest.fixture
def written(hub: HubContext, settings: Settings, tmp_path: Path) -> tuple[PlateView, Path, str]:
    """A plate, the bundle's file, and the thumbprint to pin."""
    plate = add_plate(hub.db, settings)
    path = tmp_path / "bundle.json"
    told = json.loads(run(hub, bundle, "--out", path, "--json").output)
    return plate, path, told["root"]


def test_anyone_gets_the_public_bundle(browser: Browser, settings: Settings, db: Database) -> None:
    plate = add_plate(db, settings)

    answer = browser.client.get("/api/v1/bundle", base_url=settings.base_url)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    document = answer.get_json()
    found = read_bundle(document)
    assert (found.issuer, found.district) == (settings.base_url, None)
    assert OfflineVerifier(found).verify(plate.text, now=found.issued_at).status is Status.VALID
    assert plate.plate_id not in answer.text
    assert "d" not in document["root"]
    assert carried(browser.services.db) == []


def test_the_file_of_a_district_is_for_its_bearer_alone(
    hub: HubContext, settings: Settings, tmp_path: Path
) -> None:
    add_plate(hub.db, settings)

    words = ("--region", "330802", "--reason", "下乡检查", "--out", tmp_path / "d.json", "--json")
    public = json.loads(run(hub, bundle, "--out", tmp_path / "all.json", "--json").output)
    district = json.loads(run(hub, bundle, *words).output)

    assert (public["region"], public["enterprises"], public["plates"]) == (None, 0, 1)
    assert (district["region"], district["enterprises"]) == ("330802", 1)
    assert (tmp_path / "d.json").stat().st_mode & 0o777 == 0o600
    assert district["bytes"] == (tmp_path / "d.json").stat().st_size
    assert [(subject, data["purpose"]) for subject, _by, data in carried(hub.db)] == [("330802", "other")]


def test_the_operator_too_takes_one_county_along_and_says_why(hub: HubContext, tmp_path: Path) -> None:
    for words in (("--region", "330802"), ("--region", "3308", "--reason", "下乡检查")):
        result = run(hub, bundle, *words, "--out", tmp_path / "d.json")
        assert isinstance(result.exception, InvalidInputError)
        assert not (tmp_path / "d.json").exists()
    assert carried(hub.db) == []


def test_public_and_district_bundles_are_held_to_versions_of_their_own(
    hub: HubContext, afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    """Whoever verifies with one kind and then with the other is not told of a rollback that is none."""
    plate, public, _root = written
    district = tmp_path / "d.json"
    hub.clock = afield.clock = lambda: NOW + timedelta(minutes=1)
    run(hub, bundle, "--region", "330802", "--reason", "下乡检查", "--out", district)

    codes = [
        run(afield, verify, plate.text, "--offline", "--bundle", path).exit_code
        for path in (district, public, district, public)
    ]

    assert codes == [0, 0, 0, 0]


def test_a_plate_is_verified_where_there_is_no_hub(
    afield: HubContext, written: tuple[PlateView, Path, str]
) -> None:
    plate, path, root = written

    good = run(afield, verify, plate.text, "--offline", "--bundle", path, "--root", root, "--json")
    bad = run(afield, verify, plate.text[:-1], "--offline", "--bundle", path, "--json")

    assert (good.exit_code, json.loads(good.output)["state"]) == (0, "fresh")
    assert (bad.exit_code, json.loads(bad.output)["reasons"]) == (2, ["CODE_BASE32"])


def test_what_was_revoked_needs_attention_offline(
    hub: HubContext, afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    plate, _path, _root = written
    service.end_plate(plate.plate_id, reason=PlateEnd.LOST, by=OPERATOR, now=NOW, db=hub.db)
    later = tmp_path / "later.json"
    run(hub, bundle, "--out", later)

    result = run(afield, verify, plate.text, "--offline", "--bundle", later)

    assert result.exit_code == 1
    assert "已被撤销" in result.output


def test_old_status_needs_attention_and_says_its_age(
    afield: HubContext, written: tuple[PlateView, Path, str]
) -> None:
    plate, path, _root = written
    afield.clock = lambda: NOW + timedelta(hours=7)

    result = run(afield, verify, plate.text, "--offline", "--bundle", path)

    assert result.exit_code == 1
    assert "约7小时" in result.output
    assert "AGED" in result.output


@pytest.mark.parametrize(("hours", "said"), [(24, "expired"), (-1, "from the future")])
def test_out_of_its_time_a_bundle_cannot_tell(
    afield: HubContext, written: tuple[PlateView, Path, str], hours: int, said: str
) -> None:
    plate, path, _root = written
    afield.clock = lambda: NOW + timedelta(hours=hours)

    result = run(afield, verify, plate.text, "--offline", "--bundle", path)

    assert result.exit_code == 3
    assert said in result.output


def test_a_bundle_older_than_one_used_before_is_refused(
    hub: HubContext, afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    plate, old, _root = written
    hub.clock = lambda: NOW + timedelta(minutes=1)
    service.end_plate(
        add_plate(hub.db, hub.settings, uscc=OTHER_USCC).plate_id,
        reason=PlateEnd.LOST,
        by=OPERATOR,
        now=NOW,
        db=hub.db,
    )
    new = tmp_path / "new.json"
    run(hub, bundle, "--out", new)
    afield.clock = hub.clock

    codes = [
        run(afield, verify, plate.text, "--offline", "--bundle", path).exit_code for path in (old, new, old)
    ]

    assert codes == [0, 0, 3]
    assert "older" in run(afield, verify, plate.text, "--offline", "--bundle", old).output


def test_two_counties_carried_along_are_used_in_turn(
    hub: HubContext, afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    plate, public, _root = written
    first, second = (tmp_path / name for name in ("first.json", "second.json"))
    for at, (region, path) in enumerate((("330802", first), ("330881", second))):
        hub.clock = lambda minutes=at: NOW + timedelta(minutes=minutes)
        made = run(hub, bundle, "--region", region, "--reason", "下乡检查", "--out", path)
        assert made.exit_code == 0, made.output
    afield.clock = hub.clock

    codes = [
        run(afield, verify, plate.text, "--offline", "--bundle", path).exit_code
        for path in (first, second, first, public, second)
    ]

    assert 3 not in (codes[0], codes[2], codes[3])


def test_another_root_for_a_known_issuer_is_refused_unless_it_is_named(
    afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    plate, path, root = written
    memory = tmp_path / "state/bundles.json"
    assert run(afield, verify, plate.text, "--offline", "--bundle", path).exit_code == 0
    known = json.loads(memory.read_text(encoding="utf-8"))
    known["http://127.0.0.1:8000"]["roots"] = ["another"]
    memory.write_text(json.dumps(known), encoding="utf-8")

    refused = run(afield, verify, plate.text, "--offline", "--bundle", path)
    named = run(afield, verify, plate.text, "--offline", "--bundle", path, "--root", root)
    wrong = run(afield, verify, plate.text, "--offline", "--bundle", path, "--root", "A" * 43)

    assert (refused.exit_code, named.exit_code, wrong.exit_code) == (3, 0, 3)
    assert "--root" in refused.output
    assert memory.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"http://127.0.0.1:8000": 7}'])
def test_a_damaged_memory_is_as_none(
    afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path, damaged: str
) -> None:
    plate, path, _root = written
    memory = tmp_path / "state/bundles.json"
    memory.parent.mkdir(parents=True)
    memory.write_text(damaged, encoding="utf-8")

    assert run(afield, verify, plate.text, "--offline", "--bundle", path).exit_code == 0


def test_what_cannot_be_read_is_said_in_one_line(
    afield: HubContext, written: tuple[PlateView, Path, str], tmp_path: Path
) -> None:
    plate, path, _root = written
    noise = tmp_path / "noise.bin"
    noise.write_bytes(b"\xff\x00" * 100)
    text = tmp_path / "code.txt"
    text.write_text(plate.text + "\n", encoding="utf-8")

    for arguments in ((plate.text, tmp_path / "absent.json"), (plate.text, noise), (noise, path)):
        result = run(afield, verify, arguments[0], "--offline", "--bundle", arguments[1])
        assert (result.exit_code, len(result.output.strip().splitlines())) == (3, 1)
    assert run(afield, verify, text, "--offline", "--bundle", path).exit_code == 0
    for arguments in (("--offline",), ("--bundle", path), ("--root", "A")):
        assert run(afield, verify, plate.text, *arguments).exit_code == 3


def test_the_commands_are_there() -> None:
    assert {"bundle", "verify"} <= set(COMMANDS)
    assert "--bundle" in CliRunner().invoke(cli, ["verify", "--help"]).output
    assert "Example" in CliRunner().invoke(cli, ["bundle", "--help"]).output
