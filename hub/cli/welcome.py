"""What `make run` prints: where the four ends are, one login link per role, a plate to scan."""

from pathlib import Path

from hub.access.service import demonstration_links
from hub.cli.context import HubContext
from hub.codes import printing, queries
from hub.codes.printing import PlateFace
from hub.codes.queries import PlateRow
from hub.demo.load import showcase
from hub.kernel.actor import Role

ENDS = (
    (Role.OWNER, "企业端 enterprise "),
    (Role.OFFICER, "执法端 enforcement"),
    (Role.OFFICIAL, "政务端 government "),
)
FOLDERS = {Role.OWNER: "/enterprise/", Role.OFFICER: "/enforcement/", Role.OFFICIAL: "/government/"}


def welcome(hub: HubContext) -> str:
    """The text; makes fresh one-time links and writes the plate image under `HUB_HOME/demo/`."""
    uscc = showcase(hub.db)
    if uscc is None:
        return "No demonstration city yet: run `hub demo` first. 还没有示范数据，请先运行 hub demo。"
    base = hub.settings.base_url
    links = demonstration_links(hub.db, hub.settings, uscc=uscc, now=hub.now())
    lines = ["", f"  一照集成 示范城市(数据均为虚构) demonstration city, all of it invented: {base}/", ""]
    for role, label in ENDS:
        lines += [
            f"  {label}  {base}{FOLDERS[role]}",
            f"      一次性登录链接 one-time login link: {links[role]}",
        ]
    plate = _placed(queries.plates_of(uscc, db=hub.db))
    if plate is not None:
        face = printing.plate_face(plate, base_url=base, demo=hub.settings.demo)
        lines += [
            f"  大众端 public      {base}/c/",
            f"      码牌图片 plate to scan: {_picture(hub, face)}",
            f"      或打开 or open: {face.text}",
        ]
    lines += ["", "  登录链接用后失效，重新启动会给出新的。Links work once; restart for new ones.", ""]
    return "\n".join(lines)


def _placed(rows: tuple[PlateRow, ...]) -> PlateRow | None:
    return next((row for row in rows if row.plate.is_active), None)


def _picture(hub: HubContext, face: PlateFace) -> Path:
    folder = hub.settings.home / "demo"
    folder.mkdir(exist_ok=True)
    path = folder / f"plate-{face.plate_id}.png"
    path.write_bytes(printing.png(face))
    return path
