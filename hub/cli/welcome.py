"""What `make run` prints: where the four ends are, one login link per role, a plate to scan."""

from hub.access.service import demonstration_links
from hub.cli.context import HubContext
from hub.codes import printing, queries
from hub.demo import load
from hub.kernel.actor import Role

ENDS = (
    ("大众端 public       ", None, "扫描码牌后看到的页面 what any phone shows after scanning a plate"),
    ("企业端 enterprise   ", Role.OWNER, "/enterprise/"),
    ("执法端 enforcement  ", Role.OFFICER, "/enforcement/"),
    ("政务端 government   ", Role.OFFICIAL, "/government/"),
)


def welcome(hub: HubContext) -> str:
    """The text; makes fresh one-time links and writes the plate image under `HUB_HOME/demo/`."""
    uscc = load.showcase(hub.db)
    if uscc is None:
        return "没有示范数据,请先运行 hub demo。No demonstration city yet: run `hub demo` first."
    links = demonstration_links(hub.db, hub.settings, uscc=uscc, now=hub.now())
    row = next(row for row in queries.plates_of(uscc, db=hub.db) if row.plate.is_active)
    plate = row.plate
    folder = hub.settings.home / "demo"
    folder.mkdir(exist_ok=True)
    image = folder / f"plate-{plate.plate_id}.png"
    image.write_bytes(printing.png(printing.plate_face(row, host=hub.settings.host, demo=hub.settings.demo)))
    lines = [
        "",
        "  一照集成 · 示范城市(全部数据为合成) demonstration city, all data synthetic",
        f"  {hub.settings.base_url}/",
        "",
    ]
    for label, role, text in ENDS:
        lines.append(f"  {label} {text if role is None else links[role]}")
    lines += [
        "",
        "  以上登录链接一次有效。The login links work once; restart for new ones.",
        f"  码牌图片 plate to scan: {image}",
        f"  码牌网址 or open:       {plate.text}",
        "",
    ]
    return "\n".join(lines)
