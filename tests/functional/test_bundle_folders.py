"""A city of many plates taken along: shards over HTTP with validators, a folder that is brought up to date, a hub asked from afar."""

import json
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.cli.bundle import bundle
from hub.cli.context import HubContext
from hub.cli.verify import verify
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from signing.bundle import load_bundle, plate_mask, read_bundle
from signing.bundle.plates import shard_of
from tests.functional.test_offline_bundles import afield, hub, run
from tests.integration.test_bundle_tables import STRANGERS
from tests.support.beside import beside
from tests.support.browser import Browser
from tests.support.bundles import r_of
from tests.support.plates import NOW, add_plate, press_of, replace_plate
from tests.support.servers import running_hub

__all__ = ["afield", "hub"]  # fixtures of the file beside this one
IN_FORCE = (
    "SELECT text FROM codes_plate JOIN trust_status_entry USING (uscc) "
    "WHERE subject = plate_id AND value = 0 ORDER BY plate_id LIMIT 1"
)
MANY = 20_000  # eight shards; up to four come in the document


def lay(db: Database, count: int = MANY) -> None:
    with beside(db) as session:
        session.execute(text(STRANGERS), {"count": count})


@pytest.fixture
def plate(hub: HubContext, settings: Settings) -> PlateView:
    """One of which we have the text, in a city of many."""
    lay(hub.db)
    return add_plate(hub.db, settings)


def own_shard(folder: Path, plate: PlateView) -> Path:
    table = load_bundle(folder).plates
    number = shard_of(plate_mask(plate.plate_id, r_of(plate.text)), table.bits)
    return folder / "shards" / table.shard_names()[number]


def test_the_document_of_many_plates_names_shards_that_are_fetched_one_by_one(
    browser: Browser, settings: Settings, db: Database
) -> None:
    lay(db)
    plate = add_plate(db, settings)
    client = browser.client

    answer = client.get("/api/v1/bundle", base_url=settings.base_url)
    read = read_bundle(answer.get_json())
    shards = {
        name: client.get(f"/api/v1/bundle/shards/{name}", base_url=settings.base_url)
        for name in read.plates.shard_names()
    }

    assert len(shards) == 8
    assert "shards" not in answer.get_json()
    assert len(answer.data) < 20_000
    for name, shard in shards.items():
        assert (shard.status_code, shard.mimetype) == (200, "application/octet-stream")
        assert sha256(shard.data).hexdigest() == name
        assert len(shard.data) <= 64 * 1024
        assert shard.headers["ETag"] == f'"{name}"'
        assert shard.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    known = read_bundle(answer.get_json(), shards=lambda name: shards[name].data)
    assert known.plate_status(plate.plate_id, r_of(plate.text)) is not None
    again = client.get(
        f"/api/v1/bundle/shards/{name}", base_url=settings.base_url, headers={"If-None-Match": f'"{name}"'}
    )
    assert (again.status_code, again.data) == (HTTPStatus.NOT_MODIFIED, b"")


@pytest.mark.parametrize("name", ["0" * 64, "x", "0" * 63, "A" * 64, "0" * 64 + "%0a", "..%2f" + "0" * 61])
def test_a_name_that_no_bundle_has_is_not_found(browser: Browser, settings: Settings, name: str) -> None:
    browser.client.get("/api/v1/bundle", base_url=settings.base_url)

    assert browser.client.get(f"/api/v1/bundle/shards/{name}", base_url=settings.base_url).status_code == 404


def test_a_folder_decides_every_plate_and_is_brought_up_to_date_by_what_changed(
    hub: HubContext, afield: HubContext, settings: Settings, plate: PlateView, tmp_path: Path
) -> None:
    folder = tmp_path / "city"
    first = json.loads(run(hub, bundle, "--out", f"{folder}/", "--json").output)
    good = run(afield, verify, plate.text, "--offline", "--bundle", folder, "--root", first["root"], "--json")
    newer = replace_plate(
        plate.plate_id, reason=PlateEnd.DAMAGED, press=press_of(settings), now=NOW, db=hub.db
    )
    second = json.loads(run(hub, bundle, "--out", folder, "--json").output)
    said = [
        run(afield, verify, text, "--offline", "--bundle", folder, "--json")
        for text in (plate.text, newer.text)
    ]

    assert (first["shards"], first["shards_brought"], first["plates"]) == (8, 8, MANY + 1)
    assert (second["shards"], second["shards_brought"], second["plates"]) == (8, 1, MANY + 2)
    assert (good.exit_code, json.loads(good.output)["state"]) == (0, "fresh")
    assert [each.exit_code for each in said] == [1, 0]
    assert json.loads(said[0].output)["status"] == "revoked"
    assert len(list((folder / "shards").iterdir())) == 8


def test_a_missing_shard_is_unknown_and_a_wrong_one_cannot_tell(
    hub: HubContext, afield: HubContext, plate: PlateView, tmp_path: Path
) -> None:
    folder = tmp_path / "city"
    run(hub, bundle, "--out", f"{folder}/")
    shard = own_shard(folder, plate)
    content = shard.read_bytes()

    shard.write_bytes(content[:-13])
    cut = run(afield, verify, plate.text, "--offline", "--bundle", folder)
    other = next(path for path in shard.parent.iterdir() if path != shard)
    shard.write_bytes(other.read_bytes())
    swapped = run(afield, verify, plate.text, "--offline", "--bundle", folder)
    shard.unlink()
    missing = run(afield, verify, plate.text, "--offline", "--bundle", folder, "--json")

    assert (cut.exit_code, swapped.exit_code, missing.exit_code) == (3, 3, 1)
    assert "not the one that the bundle names" in cut.output
    assert json.loads(missing.output)["reasons"] == ["OFFLINE_STATUS_UNKNOWN"]
    again = json.loads(run(hub, bundle, "--out", folder, "--json").output)
    assert again["shards_brought"] == 1
    assert run(afield, verify, plate.text, "--offline", "--bundle", folder).exit_code == 0


def test_a_table_of_many_shards_is_no_single_file(hub: HubContext, plate: PlateView, tmp_path: Path) -> None:
    assert plate

    result = run(hub, bundle, "--out", tmp_path / "bundle.json")

    assert result.exit_code != 0
    assert getattr(result.exception, "reason", None) == "BUNDLE_FOLDER_NEEDED"
    assert list(tmp_path.glob("bundle*")) == []


def test_whoever_has_no_hub_fetches_from_one_and_verifies_what_it_brought(
    afield: HubContext, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path / "city"
    with running_hub(tmp_path_factory.mktemp("served"), enterprises=20) as server:
        afield.clock = HubContext().clock
        lay(server.db)
        address = server.settings.base_url
        told = json.loads(run(afield, bundle, "--from", address, "--out", f"{folder}/", "--json").output)
        wrong = run(afield, bundle, "--from", address, "--root", "A" * 43, "--out", tmp_path / "no")
        again = json.loads(run(afield, bundle, "--from", address, "--out", folder, "--json").output)
        with server.db.read() as session:
            code = session.execute(text(IN_FORCE)).scalar()
    refused = run(afield, bundle, "--from", address, "--out", folder)

    assert (told["shards"], told["shards_brought"], again["shards_brought"]) == (8, 8, 0)
    assert wrong.exit_code != 0
    assert refused.exit_code != 0
    result = run(afield, verify, code, "--offline", "--bundle", folder, "--root", told["root"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "words", [("--from", "ftp://hub"), ("--from", "http://hub", "--region", "330802"), ("--root", "A" * 43)]
)
def test_what_cannot_be_fetched_is_said(afield: HubContext, tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(afield, bundle, *words, "--out", tmp_path / "x")

    assert result.exit_code in {1, 2}
    assert "Error" in result.output
