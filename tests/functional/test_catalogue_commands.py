"""`hub catalogue`: dated rows listed and imported at the hub's own command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.catalogue import catalogue_group
from hub.cli.context import HubContext
from hub.config import Settings
from hub.kernel.actor import Operator
from hub.kernel.database import Database
from hub.licenses.catalogue.errors import TypeColumnsError
from hub.licenses.reference.service import begin_catalogue
from tests.conftest import NOW
from tests.support.reference import TABLES


@pytest.fixture
def hub(db: Database, settings: Settings) -> HubContext:
    begin_catalogue(TABLES.rows, by=Operator("tests"), now=NOW, db=db)
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)
    return context


def catalogue(hub: HubContext, *words: str) -> Result:
    return CliRunner().invoke(catalogue_group, [*words], obj=hub, catch_exceptions=False)


def written(hub: HubContext, folder: Path, *changes: tuple[str, str]) -> Path:
    """The whole catalogue in a file, with some texts of it replaced."""
    text = catalogue(hub, "list", "--csv").stdout
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "catalogue.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_listed_is_imported_again_and_says_nothing_new(hub: HubContext, tmp_path: Path) -> None:
    done = catalogue(hub, "import", str(written(hub, tmp_path)))

    assert done.exit_code == 0
    assert done.output.startswith("0 of 46 rows")


def test_a_row_of_a_later_day_is_listed_beside_the_one_before_and_counts_from_its_day(
    hub: HubContext, tmp_path: Path
) -> None:
    path = written(hub, tmp_path, ("2026-11-01", "2027-01-01"), (",60,90,15,", ",36,90,15,"))

    done = catalogue(hub, "import", str(path))

    assert done.output.startswith("46 of 46 rows")
    rows = [json.loads(line) for line in catalogue(hub, "list", "--json").stdout.splitlines()]
    food = [(row["valid_from"], row["validity_months"]) for row in rows if row["code"] == "food-operation"]
    assert food == [("2026-11-01", "60"), ("2027-01-01", "36")]
    listed = catalogue(hub, "list", "--on", "2026-12-31").stdout.splitlines()
    assert len(listed) == 46
    assert all("2026-11-01" in line for line in listed)


def test_every_row_that_is_wrong_is_named_with_its_line_and_nothing_is_put(
    hub: HubContext, tmp_path: Path
) -> None:
    path = written(
        hub,
        tmp_path,
        ("2026-11-01", "2027-01-01"),
        ("food-operation,", "Food,"),
        ("pawn,", "pawn,"),
        ("典当经营许可证,Pawn", ",Pawn"),
    )

    done = catalogue(hub, "import", str(path))

    assert done.exit_code == 2
    assert "TYPE_CODE" in done.output
    assert "TYPE_TEXT" in done.output
    assert "nothing was put" in done.output
    assert "2027-01-01" not in catalogue(hub, "list").stdout


def test_a_file_that_is_no_catalogue_is_refused_in_both_languages(hub: HubContext, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_bytes("名称,代码\n".encode("gbk"))

    with pytest.raises(TypeColumnsError) as refused:  # which the console entry tells in both languages
        catalogue(hub, "import", str(path))

    assert "hub catalogue list --csv" in refused.value.message.en
