import json
import sys
from collections.abc import Mapping
from dataclasses import asdict

import click
from tqdm import tqdm

from hub.cli.context import HubContext
from hub.codes.plates.maker import PlateOffice
from hub.codes.plates.queries import group_plate_id
from hub.codes.rules import PLATE_STATE_NAMES, PlateState
from hub.demo.errors import DemoSwitchError
from hub.demo.load import DEFAULT_SEED, DEFAULT_SIZE, find_mark, load
from hub.demo.summary import DemoSummary, summarise
from hub.demo.words import MAX_WORDS
from hub.kernel.messages import Message
from hub.licenses.colours.rules import FACES, Colour
from hub.registry.rules import EntityState


@click.command(epilog="Example: hub demo --enterprises 20000 --seed 7")
@click.option(
    "--enterprises",
    type=click.IntRange(1, MAX_WORDS),
    help=f"How many; {DEFAULT_SIZE} unless a city is there already.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31), help=f"Another city for another number; usually {DEFAULT_SEED}."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document with the counts.")
@click.pass_obj
def demo(hub: HubContext, *, enterprises: int | None, seed: int | None, as_json: bool) -> None:
    """Load the synthetic demonstration city; a second run keeps it. 载入虚构的演示城市，重复运行不改变数据。"""
    hub.require_apart()
    if not hub.settings.demo:
        raise DemoSwitchError
    now = hub.now()
    before = find_mark(hub.db)
    is_new = before is None or not before.is_finished
    total = before.size if before else enterprises or DEFAULT_SIZE
    bar = tqdm(unit=" enterprises", total=total, disable=not is_new or not sys.stderr.isatty())
    with bar:
        mark = load(
            hub.db,
            press=PlateOffice(issuer=hub.issuer(), origin=hub.settings.base_url),
            size=enterprises,
            seed=seed,
            today=hub.settings.today(now),
            now=now,
            by=hub.by,
            progress=bar.update,
        )
    summary = summarise(hub.db, mark)
    if as_json:
        click.echo(json.dumps(asdict(summary), ensure_ascii=False))
        return
    click.echo("\n".join(_lines(summary, is_new=is_new)))


def _lines(summary: DemoSummary, *, is_new: bool) -> list[str]:
    head = (
        "演示城市已载入，全部数据均为虚构。The demonstration city is loaded; everything in it is invented."
        if is_new
        else "演示城市已在库中，数据保持不变。The demonstration city is already there; nothing was changed."
    )
    states = {EntityState(value).label: count for value, count in summary.states.items()}
    plates = {PLATE_STATE_NAMES[PlateState(value)]: count for value, count in summary.plates.items()}
    shown = summary.showcase
    return [
        head,
        _line("市场主体 Enterprises", summary.enterprises, states),
        _line(
            "执照状态 Business licenses",
            sum(summary.business_colours.values()),
            _colours(summary.business_colours),
        ),
        _line("许可证照 Permits", sum(summary.permit_colours.values()), _colours(summary.permit_colours)),
        _line("应办未办 Required, not held", summary.missing, {}),
        _line("码牌 Plates", sum(summary.plates.values()), plates),
        f"示例企业 Showcase: {shown.name} {shown.uscc}",
        f"示例码牌 Its plate: {group_plate_id(shown.plate_id)}  {shown.text}",
    ]


def _line(head: str, total: int, parts: Mapping[Message, int]) -> str:
    detail = " · ".join(f"{name.zh} {name.en} {count}" for name, count in parts.items())
    return f"{head}: {total}" + (f" ({detail})" if detail else "")


def _colours(counts: Mapping[str, int]) -> dict[Message, int]:
    return {FACES[Colour(value)].name: count for value, count in counts.items()}
