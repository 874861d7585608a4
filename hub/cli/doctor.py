"""`hub doctor`: what is configured, what is missing, what is insecure."""

import ipaddress
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
from sqlalchemy.exc import DatabaseError

from hub import config, schema
from hub.cli import doctor_security
from hub.cli.context import HubContext, key_folder
from hub.cli.doctor_findings import DoctorFinding, FindingLevel
from hub.cli.doctor_outside import look
from hub.cli.doctor_settings import shown_settings
from hub.config import LOOPBACK, Settings
from hub.trust.backlog import LATE_SECONDS, oldest
from hub.trust.issuing.queries import waiting
from hub.trust.keys.issuer import open_ring
from hub.trust.keys.management import acts_the_ring_lacks
from hub.trust.keys.profiles import PACKAGE, SAFE_LIBSSL, needs_sm2, sm2_library
from hub.trust.record.database import open_database
from hub.trust.witnesses import read_only
from hub.trust.witnesses.errors import RecordDamagedError
from hub.trust.witnesses.record import WitnessRecord
from keys import KeyRing, KeysError, KeyState

LOW_DISK_BYTES = 1 << 30  # a city's import writes a few hundred megabytes before anyone looks
PRIVATE_MODE = 0o077


@click.command(epilog="Example: hub doctor --json")
@click.option("--url", help="Ask the hub at its public address too. 同时从外部检查公网地址。")
@click.option("--json", "as_json", is_flag=True, help="A list of findings.")
@click.pass_obj
def doctor(hub: HubContext, *, url: str | None, as_json: bool) -> None:
    """Check settings, secrets, database, keys, clock and folders; exit 1 when something must be fixed. 体检。

    With --url the public address is asked as anybody asks it: TLS, headers, whom the hub takes the asker for, whether
    its figures are closed to outside, and whether bodies are read by the proxy.
    """
    checks = CHECKS if hub.settings.home.is_dir() else (shown_settings, _absent)
    findings = [finding for check in checks for finding in check(hub.settings)]
    if url is not None:
        findings += look(url, hub.settings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(finding.line())
    if any(finding.level is FindingLevel.FIX for finding in findings):
        raise SystemExit(1)


def _absent(settings: Settings) -> Iterator[DoctorFinding]:
    yield DoctorFinding(
        FindingLevel.FIX,
        str(settings.home),
        "absent: check HUB_HOME, then run hub init",
        "目录不存在，请检查 HUB_HOME，再运行 hub init",
    )


def _exposure(settings: Settings) -> Iterator[DoctorFinding]:
    local = settings.host.rsplit(":", 1)[0].strip("[]") in LOOPBACK
    if settings.is_https or local:
        if settings.is_https:
            yield DoctorFinding(FindingLevel.OK, "transport", "TLS")
        else:
            yield DoctorFinding(FindingLevel.OK, "transport", "loopback only", "仅限本机")
    else:
        level = FindingLevel.NOTE if settings.demo and _is_private(settings.host) else FindingLevel.FIX
        yield DoctorFinding(
            level,
            "transport",
            "plain http beyond loopback: put TLS in front and set HUB_BASE_URL to https://",
            "在本机之外使用明文 http：请在前面配置 TLS，并把 HUB_BASE_URL 设为 https://",
        )
    if settings.demo:
        level = FindingLevel.NOTE if local or _is_private(settings.host) else FindingLevel.FIX
        yield DoctorFinding(
            level,
            "demonstration",
            "HUB_DEMO=1 has ready-made logins: never with real data",
            "HUB_DEMO=1 带有现成登录，不得用于真实数据",
        )


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.rsplit(":", 1)[0].strip("[]")).is_private
    except ValueError:
        return False


def _folders(settings: Settings) -> Iterator[DoctorFinding]:
    for folder in (settings.home, settings.home / "secrets", key_folder(settings)):
        if not folder.exists():
            yield DoctorFinding(FindingLevel.NOTE, str(folder), "absent", "不存在")
        elif folder.stat().st_mode & PRIVATE_MODE:
            yield DoctorFinding(
                FindingLevel.FIX,
                str(folder),
                f"others can read it: chmod 700 {folder}",
                f"其他账号可读取，请执行 chmod 700 {folder}",
            )
        else:
            yield DoctorFinding(FindingLevel.OK, str(folder), "private", "仅本账号可读")
    if (settings.home / "secrets" / "keys-passphrase").exists():
        yield DoctorFinding(
            FindingLevel.NOTE,
            "passphrase",
            "kept beside the keys: fine on a laptop; elsewhere pass HUB_KEYS_PASSPHRASE and delete secrets/keys-passphrase",
            "与密钥存放在一起：个人电脑上可以；其他环境请设置 HUB_KEYS_PASSPHRASE 并删除 secrets/keys-passphrase",
        )
    free = shutil.disk_usage(settings.home).free
    level = FindingLevel.OK if free > LOW_DISK_BYTES else FindingLevel.FIX
    yield DoctorFinding(level, "disk", f"{free / 1e9:.1f} GB free", f"可用 {free / 1e9:.1f} GB")


def _database(settings: Settings) -> Iterator[DoctorFinding]:
    database = open_database(settings.database_url)
    try:
        revision = schema.current(database)
    except DatabaseError as error:
        why = str(error.orig).splitlines()[0]
        yield DoctorFinding(FindingLevel.FIX, "database", f"does not answer: {why}", f"无法访问：{why}")
        return
    finally:
        database.close()
    if revision == schema.head():
        yield DoctorFinding(FindingLevel.OK, "database", f"revision {revision}", f"版本 {revision}")
    else:
        yield DoctorFinding(
            FindingLevel.FIX,
            "database",
            f"revision {revision}, needs {schema.head()}: run hub init",
            f"版本 {revision}，需要 {schema.head()}：请运行 hub init",
        )


def _witnesses(settings: Settings) -> Iterator[DoctorFinding]:
    database = open_database(settings.database_url)
    record = WitnessRecord(settings.home)
    try:
        reason, known = read_only.standing(database, record), record.witnesses()
    except DatabaseError:
        return  # said by the check before
    except RecordDamagedError as error:
        yield DoctorFinding(FindingLevel.FIX, "witnesses", f"{error} cannot be read", f"{error} 无法读取")
        return
    finally:
        database.close()
    if reason is not None:
        yield DoctorFinding(FindingLevel.FIX, "read-only", reason.en, reason.zh)
    elif not known:
        yield DoctorFinding(
            FindingLevel.NOTE,
            "witnesses",
            "none: a restored old database would go unnoticed; see hub log witness --help",
            "无：恢复旧数据库将无人察觉，见 hub log witness --help",
        )
    for each in known:
        level = FindingLevel.FIX if each.trouble else FindingLevel.OK
        at = f"{each.at:%Y-%m-%d %H:%M}Z" if each.at else ""
        seen = f"cosigned {each.size} entries" + (f" at {at}" if at else "")
        text = f"{each.key.name} {each.url} {seen} {each.trouble}".rstrip()
        yield DoctorFinding(level, "witness", text, f"已见证 {each.size} 条 {at}".rstrip())


def _intents(settings: Settings) -> Iterator[DoctorFinding]:
    database = open_database(settings.database_url)
    try:
        found = waiting(database)
    except DatabaseError:
        return  # said by the check before
    finally:
        database.close()
    for kind in found:
        failure = f", last failure {kind.last_failure}" if kind.last_failure else ""
        text = f"{kind.count} of kind {kind.kind} since {kind.since:%Y-%m-%d %H:%M} UTC, {kind.attempts} attempts{failure}"
        failed = f"，最近失败原因 {kind.last_failure}" if kind.last_failure else ""
        told = f"{kind.kind} {kind.count} 项，自 {kind.since:%Y-%m-%d %H:%M} UTC 起，已尝试 {kind.attempts} 次{failed}"
        yield DoctorFinding(
            FindingLevel.FIX if kind.attempts else FindingLevel.NOTE, "waiting to be issued", text, told
        )
    if not found:
        yield DoctorFinding(FindingLevel.OK, "waiting to be issued", "nothing", "无待签发事项")


def _worker(settings: Settings) -> Iterator[DoctorFinding]:
    database, now = open_database(settings.database_url), config.now()
    try:
        late = oldest(database, now=now)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    for what, seconds in late.items():
        is_late = seconds > LATE_SECONDS
        text = f"the oldest waits for {seconds:.0f} s" + (": the worker does not run" if is_late else "")
        told = f"最早一项已等待 {seconds:.0f} 秒" + ("：后台任务未运行" if is_late else "")
        yield DoctorFinding(FindingLevel.FIX if is_late else FindingLevel.OK, f"waiting: {what}", text, told)


def _sm2(settings: Settings) -> Iterator[DoctorFinding]:
    try:
        library = sm2_library()
    except KeysError as error:
        level = FindingLevel.FIX if needs_sm2(settings.profile) else FindingLevel.NOTE
        yield DoctorFinding(level, "SM2", str(error), error.message.zh)
        return
    text = f"{library.version}, package {library.package or 'unknown'}; the standard's example passes"
    told = f"软件包 {library.package or '未知'}，标准示例验证通过"
    if library.is_outdated:
        level = FindingLevel.FIX if needs_sm2(settings.profile) and not settings.demo else FindingLevel.NOTE
        yield DoctorFinding(
            level,
            "SM2",
            f"{text}; {PACKAGE} before {SAFE_LIBSSL} leaks through the time that SM2 signing takes "
            "(CVE-2026-77696, CVE-2026-54872): apt upgrade",
            f"{told}；低于 {SAFE_LIBSSL} 的 {PACKAGE} 会因 SM2 签名耗时泄露信息，请执行 apt upgrade",
        )
    else:
        yield DoctorFinding(FindingLevel.OK, "SM2", text, told)


def _keys(settings: Settings) -> Iterator[DoctorFinding]:
    try:
        ring = open_ring(settings)
    except KeysError as error:
        yield DoctorFinding(FindingLevel.FIX, "keys", str(error), error.message.zh)
        return
    active = sum(info.state is KeyState.ACTIVE for info in ring.infos)
    total = len(ring.infos)
    yield DoctorFinding(
        FindingLevel.OK, "keys", f"{active} active of {total}", f"共 {total} 个，使用中 {active} 个"
    )
    yield from _old_copy(settings, ring)
    yield from _data_keys(ring)
    if not ring.is_checked:
        yield DoctorFinding(
            FindingLevel.FIX,
            "key device",
            "away: nothing can be issued, and the ring is believed as the device vouched for it last; bring it back",
            "密钥设备不可用：暂不能签发，密钥环以设备上次确认的为准，请恢复设备",
        )


def _data_keys(ring: KeyRing) -> Iterator[DoctorFinding]:
    try:
        found = ring.data_keys.open()
    except KeysError as error:
        yield DoctorFinding(FindingLevel.FIX, "personal data keys", str(error), error.message.zh)
        return
    text = f"{found.current.cipher} seals, {len(found.keys)} open" + (
        f"; given up: {', '.join(sorted(found.lost))}" if found.lost else ""
    )
    told = f"使用 {found.current.cipher} 加密，可解 {len(found.keys)} 个密钥" + (
        f"；已放弃：{'、'.join(sorted(found.lost))}" if found.lost else ""
    )
    yield DoctorFinding(FindingLevel.OK, "personal data keys", text, told)


def _old_copy(settings: Settings, ring: KeyRing) -> Iterator[DoctorFinding]:
    database = open_database(settings.database_url)
    try:
        lacking = acts_the_ring_lacks(database, ring.book)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    if lacking:
        text = f"an old copy: on record and not in it: {', '.join(lacking)}; restore a newer one"
        told = f"旧副本，以下操作已留痕而密钥环中没有：{'、'.join(lacking)}；请恢复较新的副本"
        yield DoctorFinding(FindingLevel.FIX, "key ring", text, told)


CHECKS: tuple[Callable[[Settings], Iterator[DoctorFinding]], ...] = (
    shown_settings,
    doctor_security.secrets,
    _exposure,
    doctor_security.proxies,
    doctor_security.demonstration,
    _folders,
    _database,
    doctor_security.rows,
    doctor_security.clock,
    _witnesses,
    _intents,
    _worker,
    _sm2,
    _keys,
)
