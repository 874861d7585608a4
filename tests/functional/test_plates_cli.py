"""`hub plate` and `hub verify` as an operator types them."""

import json
from io import BytesIO
from pathlib import Path
from uuid import UUID

import click
import pytest
import qrcode
from click.testing import CliRunner, Result
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader

from hub.cli.context import HubContext
from hub.cli.plate import plate
from hub.cli.verify import verify
from hub.codes.plates import queries, service
from hub.codes.rules import PlateAction, PlateEndedError, PlateExistsError, PlateState
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.errors import HubError
from signing import PlateIdError
from tests.support.plates import (
    NOW,
    OPERATOR,
    USCC,
    add_enterprise,
    add_license,
    add_plate,
    add_premises,
)

NOWHERE = UUID(
    "61646f52-c64f-4efd-8db0-426cce03c210"
)  # no such premises; fixed, so that all workers collect the same


@pytest.fixture
def hub(settings: Settings, db: Database) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(settings=settings, db=db)  # what it would open by itself from the environment
    return context


def run(hub: HubContext, command: click.Command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], obj=hub)


def test_issuing_tells_a_script_what_it_made(hub: HubContext) -> None:
    add_enterprise(hub.db)
    premises_id = add_premises(hub.db)

    told = json.loads(run(hub, plate, "issue", "--uscc", USCC, "--json").output)

    assert (told["uscc"], told["premises_id"]) == (USCC, str(premises_id))
    assert set(told) == {"plate_id", "uscc", "premises_id", "text"}
    assert told["text"].startswith("http://127.0.0.1:8000/c/P1.")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_plate_is_issued_into_a_file(hub: HubContext, tmp_path: Path, suffix: str) -> None:
    add_enterprise(hub.db)
    out = tmp_path / f"plate.{suffix}"

    result = run(hub, plate, "issue", "--premises", add_premises(hub.db), "--out", out)

    assert result.exit_code == 0
    assert out.stat().st_size > 1_000


def test_a_second_plate_is_refused_and_the_standing_one_can_be_printed(
    hub: HubContext, tmp_path: Path
) -> None:
    made = add_plate(hub.db, hub.settings)

    assert isinstance(run(hub, plate, "issue", "--uscc", USCC).exception, PlateExistsError)
    assert run(hub, plate, "print", made.plate_id.lower(), "--out", tmp_path / "p.pdf").exit_code == 0
    assert made.grouped_id in PdfReader(tmp_path / "p.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue",),
        ("issue", "--uscc", USCC, "--premises", NOWHERE),
        ("issue", "--uscc", USCC),
        ("issue", "--uscc", USCC, "--out", "plate.doc"),
        ("print", "7K2M9QXT4R", "--out", "plate.doc"),
        ("sheet", "--area", "没有的区域", "--out", "x.pdf"),
        ("end", "7K2M9QXT4R", "--reason", "because"),
        ("issue", "--uscc", "123"),
        ("issue", "--premises", NOWHERE),
        ("print", "7K2M9", "--out", "p.png"),
    ],
    ids=lambda each: " ".join(map(str, each[:3])),
)
def test_a_mistake_is_told_in_a_line_and_changes_nothing(
    hub: HubContext, arguments: tuple[object, ...]
) -> None:
    result = run(hub, plate, *arguments)

    assert result.exit_code != 0
    assert isinstance(result.exception, HubError | PlateIdError) or (
        isinstance(result.exception, SystemExit) and "Traceback" not in result.output
    )
    assert queries.plates_of(USCC, db=hub.db) == ()


def test_an_area_is_plated_and_printed_in_one_go(hub: HubContext, tmp_path: Path) -> None:
    add_enterprise(hub.db)
    for number in range(5):
        add_premises(hub.db, name=f"第{number}店")
    out = tmp_path / "area.pdf"

    first = run(hub, plate, "sheet", "--area", "南湖商圈", "--out", out)
    again = run(hub, plate, "sheet", "--area", "南湖商圈", "--out", out, "--existing")

    assert "5 plates (5 new) on 2 sheets" in first.output
    assert "5 plates (0 new) on 2 sheets" in again.output
    assert len(PdfReader(BytesIO(out.read_bytes())).pages) == 2


def test_what_the_font_lacks_is_named_and_the_exit_code_says_so(hub: HubContext, tmp_path: Path) -> None:
    """The plate that was made is told, so that nothing is lost; no file with a hole in the name is written."""
    add_enterprise(hub.db, name="衢州\ue863商行")
    out = tmp_path / "plate.png"

    made = run(hub, plate, "issue", "--premises", add_premises(hub.db), "--out", out, "--json")
    plate_id = json.loads(made.stdout)["plate_id"]
    printed = run(hub, plate, "print", plate_id, "--out", out)
    sheet = run(hub, plate, "sheet", "--area", "南湖商圈", "--out", tmp_path / "area.pdf")

    for result in (made, printed, sheet):
        assert result.exit_code == 3
        assert "the font lacks \ue863 (U+E863)" in result.stderr
        assert "字库缺字 \ue863 (U+E863)" in result.stderr
    assert not out.exists()


def test_a_rare_name_is_printed_and_the_exit_code_says_so(hub: HubContext, tmp_path: Path) -> None:
    add_enterprise(hub.db, name="𠮷野家衢州餐饮有限公司")
    place = add_premises(hub.db)

    made = run(hub, plate, "issue", "--premises", place, "--out", tmp_path / "plate.pdf", "--json")
    plate_id = json.loads(made.stdout)["plate_id"]
    for ending in ("png", "svg", "pdf"):
        out = tmp_path / f"again.{ending}"
        assert run(hub, plate, "print", plate_id, "--out", out).exit_code == 0
        assert out.stat().st_size > 0
    sheet = run(hub, plate, "sheet", "--area", "南湖商圈", "--out", tmp_path / "area.pdf")

    assert (made.exit_code, sheet.exit_code) == (0, 0)
    for name in ("plate.pdf", "again.pdf", "area.pdf"):
        assert "𠮷野家衢州餐饮有限公司" in PdfReader(tmp_path / name).pages[0].extract_text()


def test_plates_are_listed_by_area_state_and_enterprise(hub: HubContext) -> None:
    made = add_plate(hub.db, hub.settings)

    rows = [
        json.loads(line)
        for line in run(hub, plate, "list", "--area", "南湖商圈", "--json").output.splitlines()
    ]

    assert [(row["plate_id"], row["state"]) for row in rows] == [(made.plate_id, "已制码")]
    assert run(hub, plate, "list", "--state", "void").output == ""
    assert made.grouped_id in run(hub, plate, "list", "--uscc", USCC, "--state", "made").output


def test_an_ended_plate_stays_ended(hub: HubContext) -> None:
    made = add_plate(hub.db, hub.settings)

    result = run(hub, plate, "end", made.plate_id, "--reason", "damaged")

    assert result.exit_code == 0
    assert "已作废" in result.output
    assert isinstance(run(hub, plate, "end", made.plate_id, "--reason", "lost").exception, PlateEndedError)
    assert queries.plates_of(USCC, db=hub.db)[0].plate.state is PlateState.VOID


def test_the_exit_code_says_what_a_code_is_worth(hub: HubContext) -> None:
    made = add_plate(hub.db, hub.settings)

    assert run(hub, verify, made.text).exit_code == 0
    add_license(hub.db, state="吊销")
    assert run(hub, verify, made.text).exit_code == 1
    service.change_plate(made.plate_id, action=PlateAction.SUSPEND, by=OPERATOR, now=NOW, db=hub.db)
    assert run(hub, verify, made.text).exit_code == 2
    assert run(hub, verify, "nonsense").exit_code == 2
    assert run(hub, verify, made.text + "\n").exit_code == 2


def test_a_verdict_is_told_to_people_and_to_scripts(hub: HubContext) -> None:
    made = add_plate(hub.db, hub.settings)

    said = run(hub, verify, made.text).output
    document = json.loads(run(hub, verify, made.text, "--json").output)

    assert "衢州示例餐饮有限公司" in said
    assert "VALID" in said
    assert (document["verdict"], document["enterprise"]["uscc"]) == ("valid", USCC)
    assert queries.scans_of(USCC, db=hub.db) == ()


def test_a_picture_is_read_and_the_worst_of_its_codes_counts(hub: HubContext, tmp_path: Path) -> None:
    made = add_plate(hub.db, hub.settings)
    picture, two = tmp_path / "plate.png", tmp_path / "two.png"
    run(hub, plate, "print", made.plate_id, "--out", picture)
    with Image.open(picture) as good:
        forged = Image.open(BytesIO(_qr(made.text[:-1] + ("A" if made.text[-1] != "A" else "Q"))))
        both = Image.new("L", (good.width + 900, good.height), 255)
        both.paste(good, (0, 0))
        both.paste(forged.convert("L"), (good.width + 50, 300))
        both.save(two)

    one, worst = run(hub, verify, picture, "--json"), run(hub, verify, two, "--json")

    assert (one.exit_code, json.loads(one.output)["verdict"]) == (0, "valid")
    assert worst.exit_code == 2
    assert {json.loads(line)["verdict"] for line in worst.output.splitlines()} == {"valid", "refused"}


def test_what_is_no_picture_holds_no_code_or_is_not_there_cannot_be_told(
    hub: HubContext, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    Image.new("L", (100, 100), 255).save(tmp_path / "blank.png")
    stuffed = PngInfo()
    stuffed.add_text("x", "A" * 2_000_000, zip=True)
    Image.new("L", (100, 100), 255).save(tmp_path / "stuffed.png", pnginfo=stuffed)
    Image.new("1", (10_000, 10_000)).save(tmp_path / "wide.png")
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    expected = {
        tmp_path / "text.png": "no picture",
        tmp_path / "stuffed.png": "no picture",
        tmp_path / "wide.png": "too large",
        tmp_path / "bomb.png": "too large",
        tmp_path / "blank.png": "No QR code",
        tmp_path / "absent.png": "No such file",
        tmp_path: "directory",
    }

    for path, words in expected.items():
        result = run(hub, verify, path)
        assert (result.exit_code, result.stdout) == (3, "")
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def _qr(text: str) -> bytes:
    out = BytesIO()
    qrcode.make(text).save(out)
    return out.getvalue()
