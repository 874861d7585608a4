"""`hub exceptions`: credit codes that are taken though they fail their check."""

import json
from collections.abc import Iterator
from uuid import UUID

import click

from hub.cli.context import HubContext
from hub.kernel.paging import MAX_PAGE
from hub.registry.exceptions.queries import ExceptionView, exceptions_page


@click.group("exceptions")
def exceptions_group() -> None:
    """Credit codes taken by exception; two officials keep the list in the government end. 信用代码例外清单。"""


@exceptions_group.command("list", epilog="Example: hub exceptions list --json")
@click.option("--ended", is_flag=True, help="Those that have ended. 已终止的。")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def list_exceptions(hub: HubContext, *, ended: bool, as_json: bool) -> None:
    """Show the list, newest first. 列出清单。"""
    for row in _rows(hub, is_ended=ended):
        click.echo(json.dumps(_facts(row), ensure_ascii=False) if as_json else _line(row))


def _rows(hub: HubContext, *, is_ended: bool) -> Iterator[ExceptionView]:
    before: UUID | None = None
    while True:
        with hub.db.read() as session:
            page = exceptions_page(session, is_ended=is_ended, before=before, limit=MAX_PAGE)
        yield from page.rows
        before = page.older
        if before is None:
            return


def _facts(row: ExceptionView) -> dict[str, object]:
    moments = {
        "added_at": row.added_at.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
    }
    words = ("code", "reason", "source", "asked_by", "decided_by")
    ending = ("end_reason", "end_asked_by", "end_decided_by")
    return {"id": str(row.id), **{name: getattr(row, name) for name in (*words, *ending)}, **moments}


def _line(row: ExceptionView) -> str:
    ended = "" if row.ended_at is None else f"  ended 终止 {row.ended_at:%Y-%m-%d}: {row.end_reason}"
    return f"{row.code}  {row.added_at:%Y-%m-%d}  {row.reason}  {row.source}{ended}"
