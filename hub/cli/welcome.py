"""What `make run` prints: where the four ends are, one login link per person and what each may do, a plate to scan."""

from pathlib import Path

from hub.access.demonstrators import demonstration_logins
from hub.access.service import passkey_origin
from hub.cli.context import HubContext
from hub.codes import printing
from hub.codes.plates import queries
from hub.codes.plates.queries import PlateListRow
from hub.codes.printing import PlateFace
from hub.config import Settings
from hub.demo.load import showcase
from hub.kernel.actor import Role
from hub.kernel.messages import Message

TWO = Message(
    "市级政务人员停用一块示例企业的码牌并提请恢复，柯城区政务人员在“双人复核”中决定。",
    "the city's official suspends a plate of the showcase and asks to resume it; Kecheng's official decides.",
)
FOLDERS = {
    Role.OWNER: "/enterprise/",
    Role.OFFICER: "/enforcement/",
    Role.OFFICIAL: "/government/",
    Role.AUDITOR: "/government/audit",
}


def welcome(hub: HubContext) -> str:
    """Return the text; makes fresh one-time links and writes the plate image under `HUB_HOME/demo/`."""
    uscc = showcase(hub.db)
    if uscc is None:
        return "No demonstration city yet: run `hub demo` first. 还没有示范数据，请先运行 hub demo。"
    base = hub.settings.base_url
    open_at = passkey_origin(base)  # where a browser on this machine can also make passkeys
    lines = ["", f"  一照集成 示范城市(数据均为虚构) demonstration city, all of it invented: {open_at}/", ""]
    for login in demonstration_logins(hub.db, hub.settings, uscc=uscc, now=hub.now()):
        title, may = login.who.title, login.who.may
        lines += [
            f"  {title.zh} {title.en}: {open_at}{FOLDERS[login.role]}",
            f"      {may.zh} {may.en}",
            f"      一次性登录链接 one-time login link: {login.link}",
        ]
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
        f"  双人办理 What two decide: {TWO.zh} {TWO.en}",
        "  每个角色请各用一个无痕窗口打开。Open each role's link in a private window of its own.",
        "  登录链接用后失效，重新启动会给出新的。Links work once; restart for new ones.",
        "",
    ]
    return "\n".join(lines)


def started(settings: Settings) -> str:
    """Return the last lines before requests come: where the hub answers, who can open it, where its log is, how it stops."""
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


def _placed(rows: tuple[PlateListRow, ...]) -> PlateListRow | None:
    return next((row for row in rows if row.plate.is_active), None)


def _picture(hub: HubContext, face: PlateFace) -> Path:
    folder = hub.settings.home / "demo"
    folder.mkdir(exist_ok=True)
    path = folder / f"plate-{face.plate_id}.png"
    path.write_bytes(printing.png(face))
    return path
