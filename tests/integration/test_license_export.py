"""`hub license export`: the metadata of licenses by GB/T 36903 in files, from both databases."""

import json
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result

from hub.cli.context import HubContext
from hub.cli.license import license_group
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import NotFoundError
from hub.licenses.metadata.queries import all_metadata
from hub.licenses.metadata.rules import ElementMissingError
from schemas.metadata import LicenseElementsSchema
from tests.support.plates import NOW, OTHER_USCC, USCC, add_enterprise, add_enterprises, add_license
from tests.support.reference import REFERENCE


@pytest.fixture
def hub(settings: Settings, any_db: Database) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=any_db)
    return context


@pytest.fixture
def license_id(any_db: Database) -> UUID:
    add_enterprise(any_db, uscc=OTHER_USCC, name="柯城试验商行")
    add_enterprise(any_db)
    add_license(any_db, uscc=OTHER_USCC, number="JY13308020000002")
    add_license(any_db, type_code="tobacco-retail", number="330802100001")
    return add_license(any_db)


def run(hub: HubContext, *arguments: object) -> Result:
    words = ["export", *map(str, arguments)]
    return CliRunner().invoke(license_group, words, obj=hub)


def numbers(items: list[dict[str, str]]) -> list[str]:
    assert [LicenseElementsSchema().validate(each) for each in items] == [{}] * len(items)
    return [each["ZZBH"] for each in items]


def test_one_license_is_written_as_a_document(hub: HubContext, license_id: UUID, tmp_path: Path) -> None:
    out = tmp_path / "one.json"
    done = run(hub, license_id, "--out", out, "--json")

    document = json.loads(out.read_text())
    assert json.loads(done.stdout) == {
        "out": str(out),
        "standard": "GB/T 36903-2018",
        "licenses": 1,
    }
    assert document["standard"] == "GB/T 36903-2018"
    assert numbers(document["items"]) == ["JY13308020000001"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.usefixtures("license_id")
def test_an_enterprise_is_written_with_its_business_license_first(hub: HubContext, tmp_path: Path) -> None:
    out = tmp_path / "one.json"
    done = run(hub, "--enterprise", USCC, "--out", out)

    assert done.exit_code == 0
    assert "3 licenses" in done.stdout
    assert "3 张证照" in done.stdout
    assert numbers(json.loads(out.read_text())["items"]) == [USCC, "JY13308020000001", "330802100001"]


@pytest.mark.usefixtures("license_id")
def test_all_are_written_a_license_a_line(hub: HubContext, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    done = run(hub, "--all", "--out", out, "--json")

    items = [json.loads(line) for line in out.read_text().splitlines()]
    assert numbers(items) == [
        USCC,
        "JY13308020000001",
        "330802100001",
        OTHER_USCC,
        "JY13308020000002",
    ]
    assert json.loads(done.stdout)["licenses"] == 5


def test_a_folder_gets_a_file_an_enterprise_and_a_file_a_license(
    hub: HubContext, license_id: UUID, tmp_path: Path
) -> None:
    run(hub, "--all", "--out", tmp_path)
    run(hub, license_id, "--out", tmp_path)

    assert {path.name for path in tmp_path.iterdir()} >= {
        f"{USCC}.json",
        f"{OTHER_USCC}.json",
        f"{license_id}.json",
    }
    items = json.loads((tmp_path / f"{OTHER_USCC}.json").read_text())["items"]
    assert numbers(items) == [OTHER_USCC, "JY13308020000002"]


def test_every_enterprise_is_read_once_over_many_pages(any_db: Database) -> None:
    add_enterprises(any_db, 23)

    found = [one.uscc for one in all_metadata(any_db, reference=REFERENCE, page=7)]

    assert len(found) == len(set(found)) == 23
    assert found == sorted(found)


@pytest.mark.usefixtures("license_id")
@pytest.mark.parametrize(
    "arguments", [[], ["--all", "--enterprise", USCC], ["--all", "01a1fd1e-8c00-749b-b1c8-2b70e5c5b01e"]]
)
def test_what_is_to_be_exported_is_said_once(hub: HubContext, arguments: list[str], tmp_path: Path) -> None:
    done = run(hub, *arguments, "--out", tmp_path / "x.json")

    assert done.exit_code == 2
    assert "--enterprise or --all" in done.stderr
    assert not (tmp_path / "x.json").exists()


@pytest.mark.usefixtures("license_id")
@pytest.mark.parametrize("arguments", [[str(uuid4())], ["--enterprise", "91330802MA2TEXT991"]])
def test_what_is_not_there_leaves_no_file_and_no_harm(
    hub: HubContext, arguments: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "kept.json"
    out.write_text("before")

    done = run(hub, *arguments, "--out", out)

    assert isinstance(done.exception, NotFoundError)
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("license_id")
def test_an_export_that_breaks_off_leaves_what_was_there(
    hub: HubContext, any_db: Database, tmp_path: Path
) -> None:
    add_license(any_db, uscc=OTHER_USCC, number=" ")  # behind the checks of every feed
    out = tmp_path / "all.jsonl"
    out.write_text("before")

    done = run(hub, "--all", "--out", out)

    assert isinstance(done.exception, ElementMissingError)
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
