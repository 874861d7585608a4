"""What `make run` prints: where the four ends are, one login link per role, a plate to scan."""

from pathlib import Path

from hub.access.service import demonstration_links, passkey_origin, second_official_link
from hub.cli.context import HubContext
from hub.codes import printing, queries
from hub.codes.printing import PlateFace
from hub.codes.queries import PlateRow
from hub.config import Settings
from hub.demo.load import showcase
from hub.kernel.actor import Role

ENDS = (
    (Role.OWNER, "企业端 enterprise "),
    (Role.OFFICER, "执法端 enforcement"),
    (Role.OFFICIAL, "政务端 government "),
    (Role.AUDITOR, "审计 auditor      "),
)
FOLDERS = {
    Role.OWNER: "/enterprise/",
    Role.OFFICER: "/enforcement/",
    Role.OFFICIAL: "/government/",
    Role.AUDITOR: "/government/audit",
}


def welcome(hub: HubContext) -> str:
    """The text; makes fresh one-time links and writes the plate image under `HUB_HOME/demo/`."""
    uscc = showcase(hub.db)
    if uscc is None:
        return "No demonstration city yet: run `hub demo` first. 还没有示范数据，请先运行 hub demo。"
    base = hub.settings.base_url
    open_at = passkey_origin(base)  # where a browser on this machine can also make passkeys
    links = demonstration_links(hub.db, hub.settings, uscc=uscc, now=hub.now())
    second = second_official_link(hub.db, hub.settings, now=hub.now())
    lines = ["", f"  一照集成 示范城市(数据均为虚构) demonstration city, all of it invented: {open_at}/", ""]
    for role, label in ENDS:
        lines += [
            f"  {label}  {open_at}{FOLDERS[role]}",
            f"      一次性登录链接 one-time login link: {links[role]}",
        ]
    lines += [f"  第二位政务人员(双人复核) a second official, for what needs two: {second}"]
    plate = _placed(queries.plates_of(uscc, db=hub.db))
    if plate is not None:
        face = printing.plate_face(plate, base_url=base, demo=hub.settings.demo)
        lines += [
            f"  大众端 public      {base}/c/",
            f"      码牌图片 plate to scan: {_picture(hub, face)}",
            f"      或打开 or open: {face.text}",
        ]
    lines += [
        "",
        "  每个角色请各用一个无痕窗口打开。Open each role's link in a private window of its own.",
        "  登录链接用后失效，重新启动会给出新的。Links work once; restart for new ones.",
        "",
    ]
    return "\n".join(lines)


def started(settings: Settings) -> str:
    """The last lines before requests come: where the hub answers, who can open it, where its log is, how it stops."""
    here = passkey_origin(settings.base_url)
    lines = [f"  服务地址 Serving at {here}/   Ctrl-C 停止 stops it"]
    if settings.request_log is not None:
        lines.append(f"  请求日志 Requests are logged in {settings.request_log}")
    if not settings.demo:
        return "\n".join([*lines, ""])
    if here != settings.base_url:
        lines.append(
            "  手机扫码 For a phone on this network: HOST=0.0.0.0 make run, or hub serve --host 0.0.0.0; "
            "its own address is found"
        )
    elif not settings.is_https:
        lines.append(
            "  手机可打开以上地址;通行密钥与实时扫码需要 https 或 localhost。Phones can open this address; passkeys and live "
            "scanning need https, or localhost on this machine."
        )
    return "\n".join([*lines, ""])


def _placed(rows: tuple[PlateRow, ...]) -> PlateRow | None:
    return next((row for row in rows if row.plate.is_active), None)


def _picture(hub: HubContext, face: PlateFace) -> Path:
    folder = hub.settings.home / "demo"
    folder.mkdir(exist_ok=True)
    path = folder / f"plate-{face.plate_id}.png"
    path.write_bytes(printing.png(face))
    return path
