"""`hub import`: load departments' files."""

import gc
import json
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session
from tqdm import tqdm

from hub.cli.context import HubContext
from hub.feeds import queries
from hub.feeds.batches import Loading
from hub.feeds.errors import FileRefusedError, NoSuchSourceError
from hub.feeds.file_names import file_name, shown_path
from hub.feeds.queries import RefusalView
from hub.feeds.reasons import REASONS
from hub.feeds.refused_rows import write_refusals
from hub.feeds.service import LoadRequest, TransactionRunner, load_file, settle, trial, try_file
from hub.feeds.sources import shipped_sources
from hub.feeds.waiting_batches import FOLDER

EXIT_NOTHING_READ = 2
EXIT_SOME_REFUSED = 3
EXIT_WAITS = 4
LOST_IF_MEANT = frozenset({"ROW_HIDDEN", "ROW_STRUCK"})  # a person has to look, as at a refused row
SHOWN_REFUSALS = 5  # without --errors, enough to see what kind of mistake it is
BAR_STEPS = 1_000
COLLECT_AFTER = 100_000  # objects: about one chunk of rows, so that memory stays flat
BAR = "{desc} {percentage:3.0f}%|{bar}| {postfix} · 剩余 left {remaining_s:.0f} s"


@dataclass(frozen=True, slots=True)
class _Done:
    """One file and what became of it: loaded, or refused as a whole."""

    path: Path
    loading: Loading | None = None
    error: FileRefusedError | None = None

    @property
    def refused(self) -> Mapping[str, int]:
        return self.loading.refused if self.loading is not None else {}

    @property
    def apart(self) -> Mapping[str, int]:
        return self.loading.apart if self.loading is not None else {}


@click.command(
    "import", epilog="Example: hub import 01_market_entities.csv 02_food_permits.csv --errors refused.csv"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--source", metavar="ID", help="The source, when the header does not tell. 数据源标识。")
@click.option("--dry-run", is_flag=True, help="Check and report everything, store nothing. 试运行，不入库。")
@click.option(
    "--errors",
    metavar="OUT.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every refused row: line, column, value, reason. 拒绝明细。",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
@click.option(
    "--progress/--no-progress", default=None, help="Progress bar; as a rule on a terminal only. 进度条。"
)
@click.pass_context
def import_command(  # one parameter per option of the promised command line
    context: click.Context,
    *,
    files: tuple[Path, ...],
    source: str | None,
    dry_run: bool,
    errors: Path | None,
    as_json: bool,
    progress: bool | None,
) -> None:
    """Load departments' files: CSV, XLSX or JSON lines, in the given order. 导入部门数据文件。

    A file loaded twice changes nothing; a stopped import goes on where it ended. Exit code 0: every row is in;
    3: some rows were refused; 4: a file waits for a person, nothing of it is stored; 2: nothing could be read.
    """
    if source is not None and source not in shipped_sources():
        raise NoSuchSourceError(", ".join(shipped_sources()))
    if errors is not None:
        errors.open("wb").close()  # an unwritable report is found out before the work, not after it
    warnings.filterwarnings(
        "ignore", category=UserWarning, module="openpyxl"
    )  # of styles and dates it cannot read
    spare_the_collector()
    hub: HubContext = context.obj
    show = sys.stderr.isatty() if progress is None else progress
    now = hub.now()
    with _way(hub, dry_run=dry_run) as (run, read):
        done = [_load(hub, path, source=source, now=now, run=run, show=show) for path in files]
        if run is None:
            _settle(hub, now=now, show=show)
        if errors is not None:
            read(partial(_write_errors, path=errors, done=done))
        samples = read(partial(_samples, done=done)) if errors is None and not as_json else {}
    for one in done:
        click.echo(json.dumps(_document(one), ensure_ascii=False) if as_json else _text(one, samples, errors))
    if dry_run and not as_json:
        click.echo("试运行，未入库任何数据。Trial run: nothing was stored.")
    context.exit(_exit_code(done))


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what a command has loaded, and look at the rest less often.

    Rows are freed by reference counting; walking every mapper and catalogue again and again took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)


@contextmanager
def _way(hub: HubContext, *, dry_run: bool) -> Iterator[tuple[TransactionRunner | None, TransactionRunner]]:
    """How files are loaded (None: for good) and how their refusals are read afterwards."""
    if dry_run:
        with trial(hub.db) as run:
            yield run, run
    else:
        yield None, hub.db.run


def _load(  # one file's circumstances
    hub: HubContext,
    path: Path,
    *,
    source: str | None,
    now: datetime,
    run: TransactionRunner | None,
    show: bool,
) -> _Done:
    with tqdm(
        total=BAR_STEPS,
        desc=file_name(path),
        disable=not show,
        file=sys.stderr,
        bar_format=BAR,
        dynamic_ncols=True,
    ) as bar:
        request = LoadRequest(
            path=path,
            source=source,
            by=hub.by,
            now=now,
            today=hub.settings.today(now),
            reference=hub.tables.on(hub.settings.today(now)),
            progress=partial(_advance, bar),
            keep=hub.settings.home / FOLDER,
            zone=hub.settings.timezone,
            sandbox=hub.sandbox,
        )
        try:
            loading = load_file(request, db=hub.db) if run is None else try_file(request, run=run)
        except FileRefusedError as error:
            click.echo(f"hub: {shown_path(path)}: {error} {error.message.zh}", err=True)
            return _Done(path, error=error)
    if loading.unread:
        names = ", ".join(loading.unread)
        click.echo(
            f"hub: {shown_path(path)}: columns that no field reads 未作为字段读取的栏: {names}", err=True
        )
    return _Done(path, loading=loading)


def _settle(hub: HubContext, *, now: datetime, show: bool) -> None:
    with tqdm(desc="汇总 summaries", unit="", disable=not show, file=sys.stderr, dynamic_ncols=True) as bar:
        today = hub.settings.today(now)
        settle(
            hub.db,
            today=today,
            reference=hub.tables.on(today),
            progress=lambda count: bar.update(count - bar.n),
        )


def _advance(bar: "tqdm[Any]", rows: int, fraction: float) -> None:
    bar.set_postfix_str(f"{rows} 行 rows", refresh=False)
    bar.update(int(fraction * BAR_STEPS) - bar.n)


def _write_errors(session: Session, *, path: Path, done: Sequence[_Done]) -> None:
    write_refusals(path, [(file_name(one.path), _refusals(session, one)) for one in done])


def _refusals(session: Session, one: _Done) -> Iterator[RefusalView]:
    if one.error is not None:
        yield RefusalView("", 0, "", one.error.detail, one.error.reason, one.error.message, {})
    if one.loading is not None:
        yield from queries.all_refusals(session, one.loading.batch_id)


def _samples(session: Session, *, done: Sequence[_Done]) -> dict[Path, tuple[RefusalView, ...]]:
    return {
        one.path: queries.refusals(session, one.loading.batch_id, limit=SHOWN_REFUSALS)
        for one in done
        if one.loading is not None
    }


def _document(one: _Done) -> dict[str, Any]:
    loading = one.loading
    document: dict[str, Any] = {
        "file": file_name(one.path),
        "source": None if loading is None else loading.file.source,
        "rows": 0 if loading is None else loading.position,
        "accepted": 0 if loading is None else loading.accepted,
        "duplicate": 0 if loading is None else loading.duplicate,
        "superseded": 0 if loading is None else loading.superseded,
        "blank": 0 if loading is None else loading.blank,
        "refused": dict(one.refused),
    }
    if one.apart:
        document["apart"] = dict(one.apart)
    if loading is not None and loading.is_held:
        document["held"] = {"batch": str(loading.batch_id), **(loading.difference or {})}
    if one.error is not None:
        message = one.error.message
        document["error"] = {"reason": one.error.reason, "zh": message.zh, "en": str(one.error)}
    return document


def _text(one: _Done, samples: Mapping[Path, tuple[RefusalView, ...]], errors: Path | None) -> str:
    loading = one.loading
    if loading is None:
        return f"{file_name(one.path)}: 无法读取 not readable"
    title = shipped_sources()[loading.file.source].title
    if loading.is_held:
        return f"{file_name(one.path)}: {title.zh} {title.en}\n{_waits(loading)}"
    counts = " · ".join(
        f"{label} {count}"
        for label, count in (
            ("接受 accepted", loading.accepted),
            ("重复 duplicate", loading.duplicate),
            ("旧版本 superseded", loading.superseded),
            ("空行 blank", loading.blank),
            ("拒绝 refused", sum(loading.refused.values())),
            ("另计 apart", sum(loading.apart.values())),
        )
    )
    lines = [f"{file_name(one.path)}: {title.zh} {title.en}", f"  {loading.position} 行 rows: {counts}"]
    for reason, count in loading.reasons.items():
        message = REASONS[reason]
        lines.append(f"  {reason} {count}: {message.zh} {message.en}")
    for view in samples.get(one.path, ()):
        where = f"{view.sheet}!{view.line}" if view.sheet else str(view.line)
        lines.append(f"    行 line {where} · {view.column} · {view.value!r} · {view.reason}")
    if loading.reasons:
        more = (
            f"全部见 all in {shown_path(errors)}"
            if errors
            else "全部明细请加 --errors OUT.csv for all of them"
        )
        lines.append(f"  {more}")
    return "\n".join(lines)


def _waits(loading: Loading) -> str:
    found = loading.difference or {}
    figures = f"{found['changed']} / {found['population']}, ≤ {found['allowed']}"
    first = (
        f"  待确认，未入库 waits for a person, nothing is stored: 将改变状态 statuses would change {figures}"
    )
    where = f"  政务端 government end: /government/sources/{loading.batch_id}"
    return "\n".join([first, where, *(f"    {what}: {count}" for what, count in found["counts"].items())])


def _exit_code(done: Sequence[_Done]) -> int:
    if all(one.error is not None for one in done):
        return EXIT_NOTHING_READ
    if any(one.loading is not None and one.loading.is_held for one in done):
        return EXIT_WAITS
    return (
        EXIT_SOME_REFUSED
        if any(one.error is not None or one.refused or LOST_IF_MEANT & set(one.apart) for one in done)
        else 0
    )
