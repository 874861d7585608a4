"""`hub plate`: issue, print, list and end plates."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select
from tqdm import tqdm

from hub.cli.context import HubContext
from hub.cli.proposals import asking, reasoned, speaking, tell_waiting
from hub.codes import printing
from hub.codes.plates import queries, rollout, service
from hub.codes.plates.maker import PlateOffice
from hub.codes.plates.proposals import take_or_ask
from hub.codes.plates.queries import PlateListRow, PlateView
from hub.codes.printing import GlyphMissingError, PlateFace, PrintResult, named_characters
from hub.codes.rules import PLATE_ENDS, PLATE_STATE_NAMES, PlateEnd, PlateState
from hub.kernel.paging import MAX_PAGE
from hub.kernel.visible_characters import without_unseen
from hub.registry.exceptions.queries import known_code
from hub.registry.models import Premises
from keys import Algorithm
from signing import normalise_plate_id

EXIT_NOT_DRAWN = 3  # a plate was left out, as the font lacks characters of it; they are named
_REASONS = click.Choice([reason.value for reason in PlateEnd])
_STATES = click.Choice([state.name.lower() for state in PlateState])
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def plate() -> None:
    """Plates of places of business: issue, print, list, end. 码牌。"""


@plate.command(epilog="Example: hub plate issue --uscc 91330802MA2TEXT162 --out plate.pdf")
@click.option("--premises", type=click.UUID, help="Id of the place of business. 经营场所编号。")
@click.option("--uscc", help="The enterprise's main place of business. 统一社会信用代码(主要经营场所)。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .png, .svg or .pdf to write.")
@click.option(
    "--algorithm",
    type=click.Choice([Algorithm.ES256.value, Algorithm.SM2.value]),
    help="What to sign with, else the first of the profile. 签名算法，默认为所用配置的首选。",
)
@speaking
@reasoned
@_JSON
@click.pass_obj
def issue(  # noqa: PLR0913  # one argument per option of the command
    hub: HubContext,
    *,
    premises: UUID | None,
    uscc: str | None,
    out: Path | None,
    algorithm: str | None,
    speaks_for: UUID | None,
    reason: str,
    as_json: bool,
) -> None:
    """Make the first plate of a place of business. 为经营场所首次制码。

    Where a plate ended before, or with --as, a second person is asked: exit code 4; once approved, the same command gives
    the plate. 曾有码牌的场所再次制码、或以政务人员名义制码，须经第二人同意（退出码 4），同意后再次运行即得。
    """
    if (premises is None) == (uscc is None):
        raise click.UsageError("give one of --premises and --uscc. 请指定 --premises 或 --uscc 之一。")
    if out is not None:
        _renderer(out)
    place = premises or _main_premises(hub, known_code(uscc or "", db=hub.db))
    made = take_or_ask(
        place,
        reason=reason,
        algorithm=None if algorithm is None else Algorithm(algorithm),
        press=_press(hub),
        by=asking(hub, speaks_for),
        now=hub.now(),
        db=hub.db,
    )
    if isinstance(made, UUID):
        tell_waiting(hub, made, as_json=as_json)
    is_drawn = out is None or _write(hub, made.plate_id, out)
    _tell(made, out if is_drawn else None, as_json=as_json)
    _leave(is_drawn=is_drawn)


@plate.command("print", epilog="Example: hub plate print 7K2M9QXT4K --out plate.svg")
@click.argument("plate_id")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .png, .svg or .pdf to write. 输出文件。",
)
@click.pass_obj
def print_plate(hub: HubContext, *, plate_id: str, out: Path) -> None:
    """Write a plate that exists to a file. 打印已有码牌。"""
    _renderer(out)
    _leave(is_drawn=_write(hub, normalise_plate_id(without_unseen(plate_id)), out))
    click.echo(f"Wrote {out}. 已写入 {out}。")


@plate.command(epilog="Example: hub plate sheet --area 南湖商圈 --out plates.pdf")
@click.option("--area", required=True, help="The commercial area. 商业区域名称。")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The PDF to write, four plates to a sheet of A4. 输出的 PDF 文件。",
)
@click.option("--existing", is_flag=True, help="Make no new plates. 仅打印已有码牌，不新制。")
@click.pass_obj
def sheet(hub: HubContext, *, area: str, out: Path, existing: bool) -> None:
    """Print the plates of a whole area; places without a plate get one first. 整片区域制码并排版打印。"""
    known = {each.area: each for each in queries.coverage_by_area(db=hub.db)}
    if area not in known:
        names = "、".join(known) or "none 无"
        raise click.UsageError(f"no area is called {area}; areas: {names}. 没有名为“{area}”的区域。")
    made = 0 if existing else _issue_all(hub, area, missing=known[area].premises - known[area].plates)
    with out.open("wb") as file:
        printed = printing.write_sheets(_faces(hub, area), file, title=area)
    _tell_printed(printed, made, out)
    _leave(is_drawn=not printed.unprintable)


@plate.command(epilog="Example: hub plate end 7K2M9QXT4K --reason damaged")
@click.argument("plate_id")
@click.option("--reason", required=True, type=_REASONS, help="Why. 原因。")
@click.pass_obj
def end(hub: HubContext, *, plate_id: str, reason: str) -> None:
    """Take a plate out of use for good; every later scan says so. 作废码牌。"""
    ended = service.end_plate(
        normalise_plate_id(without_unseen(plate_id)),
        reason=PlateEnd(reason),
        by=hub.by,
        now=hub.now(),
        db=hub.db,
    )
    said = PLATE_ENDS[PlateEnd(reason)]
    click.echo(f"Plate {ended.grouped_id} is void: {said.en}. 码牌 {ended.grouped_id} 已作废:{said.zh}。")


@plate.command("list", epilog="Example: hub plate list --area 南湖商圈 --state placed")
@click.option("--uscc", help="Of one enterprise. 统一社会信用代码。")
@click.option("--area", help="Of one commercial area. 商业区域。")
@click.option("--state", type=_STATES, help="In one state. 状态。")
@_JSON
@click.pass_obj
def list_plates(
    hub: HubContext, *, uscc: str | None, area: str | None, state: str | None, as_json: bool
) -> None:
    """List plates, by enterprise and id. 列出码牌。"""
    wanted = None if state is None else PlateState[state.upper()]
    rows = _of_enterprise(hub, uscc, wanted) if uscc else _rows(hub, area=area, state=wanted)
    for row in rows:
        click.echo(json.dumps(_as_json(row), ensure_ascii=False) if as_json else _as_line(row))


def _press(hub: HubContext) -> PlateOffice:
    return PlateOffice(hub.issuer(), hub.settings.base_url)


def _main_premises(hub: HubContext, uscc: str) -> UUID:
    statement = select(Premises.id).where(Premises.uscc == uscc, Premises.is_main).order_by(Premises.id)
    with hub.db.read() as session:
        found = session.scalar(statement)
    if found is None:
        raise click.UsageError(f"no enterprise {uscc} with a place of business. 没有该企业或其经营场所。")
    return found


def _renderer(out: Path) -> str:
    suffix = out.suffix.lower()
    if suffix not in {".png", ".svg", ".pdf"}:
        raise click.UsageError(
            f"{out.name} must end in .png, .svg or .pdf. 文件名须以 .png、.svg 或 .pdf 结尾。"
        )
    return suffix


def _write(hub: HubContext, plate_id: str, out: Path) -> bool:
    """Draw a plate into a file; whether the font had all its characters, else they are named and no file is written."""
    row = queries.plate_of(plate_id, db=hub.db)
    if row is None:
        raise click.UsageError(f"no plate {plate_id}. 没有该码牌。")
    face = printing.plate_face(row, base_url=hub.settings.base_url, demo=hub.settings.demo)
    try:
        drawn = _drawn(face, _renderer(out))
    except GlyphMissingError as error:
        _tell_undrawn(plate_id, error.characters)
        return False
    out.write_bytes(drawn)
    return True


def _drawn(face: PlateFace, suffix: str) -> bytes:
    match suffix:
        case ".png":
            return printing.png(face)
        case ".svg":
            return printing.svg(face).encode()
        case _:
            return printing.pdf(face)


def _leave(*, is_drawn: bool) -> None:
    if not is_drawn:
        raise click.exceptions.Exit(EXIT_NOT_DRAWN)


def _tell_undrawn(plate_id: str, characters: str) -> None:
    lacking = named_characters(characters)
    click.echo(
        f"left out: plate {plate_id}, the font lacks {lacking}. 未排版：码牌 {plate_id}，字库缺字 {lacking}。",
        err=True,
    )


def _issue_all(hub: HubContext, area: str, *, missing: int) -> int:
    made = 0
    with tqdm(total=missing, desc="issue 制码", unit="plate", disable=None) as bar:
        for chunk in rollout.issue_area(area, press=_press(hub), by=hub.by, now=hub.now(), db=hub.db):
            made += len(chunk)
            bar.update(len(chunk))
    return made


def _faces(hub: HubContext, area: str) -> Iterator[PlateFace]:
    rows = (row for row in _rows(hub, area=area, state=None) if row.plate.is_active)
    for row in tqdm(rows, desc="print 排版", unit="plate", disable=None):
        yield printing.plate_face(row, base_url=hub.settings.base_url, demo=hub.settings.demo)


def _rows(hub: HubContext, *, area: str | None, state: PlateState | None) -> Iterator[PlateListRow]:
    cursor: str | None = None
    while True:
        page = queries.plates_page(db=hub.db, area=area, state=state, cursor=cursor, limit=MAX_PAGE)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def _of_enterprise(hub: HubContext, uscc: str, state: PlateState | None) -> Iterator[PlateListRow]:
    rows = queries.plates_of(known_code(uscc, db=hub.db), db=hub.db)
    return (row for row in rows if state is None or row.plate.state is state)


def _tell(made: PlateView, out: Path | None, *, as_json: bool) -> None:
    if as_json:
        told = {
            "plate_id": made.plate_id,
            "uscc": made.uscc,
            "premises_id": str(made.premises_id),
            "text": made.text,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"Plate {made.grouped_id} made. 已制码 {made.grouped_id}。")
    click.echo(made.text if out is None else f"Wrote {out}. 已写入 {out}。")


def _tell_printed(printed: PrintResult, made: int, out: Path) -> None:
    for left_out in printed.unprintable:
        _tell_undrawn(left_out.face.plate_id, left_out.characters)
    click.echo(
        f"{printed.plates} plates ({made} new) on {printed.pages} sheets in {out}. "
        f"{printed.plates} 个码牌(新制 {made} 个)，共 {printed.pages} 页，已写入 {out}。"
    )


def _as_json(row: PlateListRow) -> dict[str, object]:
    return {
        "plate_id": row.plate.plate_id,
        "uscc": row.plate.uscc,
        "premises_id": str(row.plate.premises_id),
        "state": row.plate.state.value,
        "serial": row.plate.serial,
        "enterprise": row.enterprise_name,
        "area": row.area,
    }


def _as_line(row: PlateListRow) -> str:
    state = PLATE_STATE_NAMES[row.plate.state]
    return f"{row.plate.grouped_id}  {state.zh} {state.en:<14}  {row.plate.uscc}  {row.enterprise_name}  {row.address}"
