"""`hub catalogue`: the kinds of license by which the hub judges, as dated rows."""

import json
from datetime import datetime
from pathlib import Path

import click

from hub.cli.context import HubContext
from hub.cli.exit_codes import REFUSED
from hub.licenses.catalogue.rows import read_table, type_texts, write_table
from hub.licenses.catalogue.rules import LicenseType
from hub.licenses.reference.rules import catalogue_on
from hub.licenses.reference.service import put_license_types

MAX_FILE_BYTES = 5_000_000  # ten thousand rows; the country has some hundred kinds


@click.group("catalogue")
def catalogue_group() -> None:
    """Kinds of license: departments, terms, renewal, numbers; a later row counts from its day on. 证照目录。"""


@catalogue_group.command("list", epilog="Example: hub catalogue list --csv > catalogue.csv")
@click.option(
    "--on",
    "day",
    metavar="YYYY-MM-DD",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only what is in force then. 指定日期有效的行。",
)
@click.option(
    "--csv", "as_csv", is_flag=True, help="The table that `hub catalogue import` reads. 可再导入的 CSV。"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row, one a line.")
@click.pass_obj
def list_rows(hub: HubContext, *, day: datetime | None, as_csv: bool, as_json: bool) -> None:
    """Show every dated row that counts. 列出目录。"""
    rows = hub.tables.current_rows()
    if day is not None:
        rows = catalogue_on(rows, day.date()).types
    if as_csv:
        click.echo(write_table(rows), nl=False)
        return
    for row in rows:
        click.echo(json.dumps(type_texts(row), ensure_ascii=False) if as_json else _line(row))


@catalogue_group.command("import", epilog="Example: hub catalogue import catalogue.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def import_rows(context: click.Context, *, file: Path) -> None:
    """Put the rows of a CSV file: all of them, or none where one is wrong. 导入目录，任何一行有误则全部不入库。

    A row with the first day of one that is there corrects it; what is there and not in the file stays.
    """
    hub: HubContext = context.obj
    with file.open("rb") as opened:
        content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise click.UsageError(f"{file}: larger than {MAX_FILE_BYTES} bytes. 文件过大。")
    kinds, faults = read_table(content)
    for line, fault in faults:
        click.echo(
            f"line 第 {line} 行, {fault.field}: {fault.reason} {fault.message.en} {fault.message.zh}",
            err=True,
        )
    if faults:
        click.echo(
            f"hub: {len(faults)} rows are wrong, nothing was put. 有误行数 {len(faults)}，未入库。", err=True
        )
        context.exit(REFUSED)
    count = put_license_types(kinds, by=hub.by, now=hub.now(), db=hub.db)
    click.echo(
        f"{count} of {len(kinds)} rows say something new and were put. 新增或修订 {count} 行，共 {len(kinds)} 行。"
    )


def _line(row: LicenseType) -> str:
    until = "" if row.valid_to is None else row.valid_to.isoformat()
    return f"{row.code}  {row.valid_from}–{until}  {row.name}  {row.name_en}"
