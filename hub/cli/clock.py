"""`hub log accept-clock`: the way out when records bear a time that never was."""

import click

from hub.cli.context import HubContext
from hub.codes.dynamic import clear_floor
from hub.trust.record import events

MIN_REASON_CHARS = 5


@click.command(
    "accept-clock", epilog="Example: hub log accept-clock --reason 'the clock ran a year ahead on 3 May'"
)
@click.option(
    "--reason", required=True, help="Why the records' time is wrong; it is put on record. 原因，将留痕。"
)
@click.pass_obj
def accept_clock(hub: HubContext, *, reason: str) -> None:
    """Believe this machine's clock though records are later: they were written while it was wrong. 认可当前时钟。"""
    if len(reason.strip()) < MIN_REASON_CHARS:
        raise click.UsageError("give a reason. 请说明原因。")
    told = hub.db.clock() if hub.db.clock is not None else None
    if told is None:
        raise click.UsageError("the clock is not behind any record. 时钟并未落后。")
    hub.db.clock = None
    with hub.db.write() as session:
        data = {"reason": reason.strip()}
        events.record(
            session, kind="log.clock_accepted", uscc="", subject="clock", by=hub.by, data=data, now=hub.now()
        )
        clear_floor(session)
    click.echo("On record; the hub goes on within seconds. 已留痕，系统将在数秒内恢复。")
