"""`hub import` as people and scripts meet it: exit codes, JSON, the report, and one line for every mistake."""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hub.cli.context import HubContext
from hub.cli.imports import import_command
from hub.config import Settings
from hub.feeds.errors import NoSuchSourceError
from hub.kernel.database import Database
from hub.registry.models import Enterprise
from tests.support.feed_shapes import (
    FOOD_HEADER,
    GOOD,
    HEAD,
    MARKET_HEADER,
    PENALTY_HEADER,
    credit_code,
    csv_bytes,
)
from tests.support.feeds import Feeds
from tests.support.loading import NOW, contents, write

SHOP = credit_code(1)


@pytest.fixture
def hub(settings: Settings, db: Database) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.__dict__.update(
        settings=settings, db=db
    )  # what the cached properties would have made of the environment
    return context


def run(hub: HubContext, *arguments: object) -> Result:
    return CliRunner().invoke(import_command, [str(argument) for argument in arguments], obj=hub)


def market_row(**changes: str) -> list[str]:
    row = dict(zip(MARKET_HEADER, [""] * len(MARKET_HEADER), strict=True))
    row |= {
        "统一社会信用代码": SHOP,
        "市场主体名称": "柯城试验商行",
        "成立日期": "2020-01-02",
        "登记状态": "存续",
        "住所(经营场所)": "浙江省衢州市柯城区试验路1号",
        "行政区划": "330802",
    }
    return list((row | changes).values())


def test_one_json_object_a_file_with_exactly_the_promised_members(hub: HubContext, tmp_path: Path) -> None:
    feeds = Feeds(enterprises=20, seed=2)

    result = run(hub, *feeds.write(tmp_path), "--json")

    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 3
    assert [list(one) for one in documents] == [
        ["file", "source", "rows", "accepted", "duplicate", "superseded", "blank", "refused"]
    ] * 7
    for one in documents:
        assert {key: one[key] for key in one if key not in {"file", "source"}} == feeds.expected[
            one["file"]
        ].as_dict()


def test_all_rows_in_ends_with_zero(hub: HubContext, tmp_path: Path) -> None:
    result = run(hub, write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [market_row()])))

    assert result.exit_code == 0
    assert "接受 accepted 1" in result.stdout


def test_a_header_alone_is_a_file_of_no_rows(hub: HubContext, tmp_path: Path) -> None:
    result = run(hub, write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [])), "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["rows"] == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        (" \n\r\n", "empty"),
        ("甲,乙\n1,2\n", "road-transport, yearly-checks, penalties"),
        (",".join(FOOD_HEADER[:3]) + "\n1,2,3\n", "统一社会信用代码, 有效期自, 有效期至, 发证机关, 状态"),
        ("[1, 2]\n", "one object per line"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or encrypted"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (",".join([*PENALTY_HEADER, PENALTY_HEADER[1]]) + "\n", "keep one"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_with_exit_code_2(
    hub: HubContext, tmp_path: Path, content: str | bytes, says: str
) -> None:
    result = run(hub, write(tmp_path, "f.csv", content))

    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_a_missing_file_does_not_keep_the_others_out(hub: HubContext, tmp_path: Path) -> None:
    good = write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [market_row()]))

    result = run(hub, tmp_path / "none.csv", good, "--json")

    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 3
    assert first["error"]["reason"] == "FILE_MISSING"
    assert second["accepted"] == 1


def test_a_source_that_does_not_exist_is_refused_with_the_known_ones(hub: HubContext, tmp_path: Path) -> None:
    result = run(hub, write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [])), "--source", "moon")

    assert isinstance(result.exception, NoSuchSourceError)
    assert "food-permits" in str(result.exception)


def test_a_named_source_decides_where_the_header_fits_several(hub: HubContext, tmp_path: Path) -> None:
    header = "证书编号,证书名称,持证人,社会信用代码,起始日期,截止日期,发证单位,证书状态"
    row = f"L-ZJ08413,没有的证,柯城试验商行,{SHOP},2021-01-01,长期,局,有效"
    write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [market_row()]))
    path = write(tmp_path, "permits.csv", f"{header}\n{row}\n")
    run(hub, tmp_path / "m.csv")

    unclear = run(hub, path)
    named = run(hub, path, "--source", "other-permits-36903", "--json")

    assert unclear.exit_code == 2
    assert "several sources" in unclear.stderr
    assert json.loads(named.stdout)["source"] == "other-permits-36903"
    assert json.loads(named.stdout)["refused"] == {"LICENSE_TYPE": 1}


def test_a_trial_reports_everything_and_stores_nothing(hub: HubContext, db: Database, tmp_path: Path) -> None:
    empty = contents(db)
    report = tmp_path / "out.csv"
    feeds = Feeds(enterprises=20, seed=2)

    result = run(hub, *feeds.write(tmp_path), "--dry-run", "--errors", report)

    assert result.exit_code == 3
    assert "nothing was stored" in result.stdout
    assert contents(db) == empty
    assert len(report.read_text("utf-8-sig").splitlines()) == 1 + sum(
        sum(one.refused.values()) for one in feeds.expected.values()
    )


def test_the_report_has_no_live_cell_and_every_reason_in_both_languages(
    hub: HubContext, tmp_path: Path
) -> None:
    rows = [
        market_row(市场主体名称="=cmd|'/c calc'!A0"),
        market_row(统一社会信用代码="+1+1"),
        market_row(登记状态="@SUM(A1)"),
        market_row(成立日期="-2+3"),
        market_row(市场主体名称="柯城\x07商行"),
        market_row(**{"住所(经营场所)": "柯城\u202e路"}),
    ]
    report = tmp_path / "out.csv"

    result = run(hub, write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, rows)), "--errors", report)

    assert result.exit_code == 3
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"))))[1:]
    assert [line[5] for line in lines] == [
        "FORMULA",
        "USCC_LENGTH",
        "STATUS",
        "DATE",
        "NAME_CONTROL_CHARACTERS",
        "CONTROL_CHARACTERS",
    ]
    assert [line[2] for line in lines] == ["2", "3", "4", "5", "6", "7"]
    for line in lines:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in line)
        assert all(cell.isprintable() for cell in line)
        assert line[6]
        assert line[7].isascii()


def test_citizen_numbers_are_masked_in_what_is_kept_and_reported(
    hub: HubContext, db: Database, tmp_path: Path
) -> None:
    rows = [
        market_row(统一社会信用代码="330802199001011234"),
        market_row(登记状态="经营者330802199001011234"),
    ]
    report = tmp_path / "out.csv"

    run(hub, write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, rows)), "--errors", report)

    assert "330802199001011234" not in report.read_text("utf-8-sig") + repr(contents(db))
    assert "3308**********1234" in report.read_text("utf-8-sig")


def test_an_unwritable_report_is_found_out_before_the_work(
    hub: HubContext, db: Database, tmp_path: Path
) -> None:
    empty = contents(db)
    path = write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [market_row()]))

    result = run(hub, path, "--errors", tmp_path / "no" / "out.csv")

    assert isinstance(result.exception, OSError)
    assert contents(db) == empty


def test_the_bar_shows_rows_and_seconds_left(hub: HubContext, tmp_path: Path) -> None:
    path = write(tmp_path, "m.csv", csv_bytes(MARKET_HEADER, [market_row()] * 1_500))

    shown = run(hub, path, "--progress").stderr

    assert "1500 行 rows" in shown
    assert "剩余 left" in shown
    assert "rows" not in run(hub, path).stderr


def test_a_file_whose_name_is_not_utf_8_is_loaded_and_named_everywhere(
    hub: HubContext, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode("市场".encode("gb18030") + b".csv")
    path.write_bytes(f"{HEAD}\n{GOOD}\n{GOOD.replace('长期', '#REF!')}\n".encode())
    errors = tmp_path / os.fsdecode(b"\xca\xd0.err")

    for options in (["--dry-run"], ["--dry-run", "--json"], ["--json"], [], ["--errors", str(errors)]):
        result = run(hub, str(path), *options)

        assert result.exit_code == 3
        assert "市场.csv" in result.output
    assert "市场.csv" in errors.read_text(encoding="utf-8-sig")


def test_moments_become_the_legal_days_of_the_hubs_own_zone(hub: HubContext, tmp_path: Path) -> None:
    path = write(tmp_path, "market.csv", f"{HEAD}\n{GOOD.replace('长期', '2026-12-30T16:00:00Z')}\n")

    assert run(hub, str(path)).exit_code == 0

    with hub.db.read() as session:
        assert str(session.scalars(select(Enterprise.term_to)).one()) == "2026-12-31"


def test_the_command_names_columns_that_no_field_reads_on_standard_error(
    hub: HubContext, tmp_path: Path
) -> None:
    path = write(tmp_path, "market.csv", f"{HEAD},备注,法定代袁人\n{GOOD},x,李\n")

    result = run(hub, path, "--json")

    assert result.exit_code == 0
    assert "market.csv: columns that no field reads 未作为字段读取的栏: 备注, 法定代袁人" in result.stderr
    assert "备注" not in result.stdout
