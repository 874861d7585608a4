"""`hub doctor`: what is configured, what is missing, what is insecure."""

import ipaddress
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
from sqlalchemy.exc import DatabaseError

from hub import config, schema
from hub.cli import checkup
from hub.cli.context import HubContext, key_folder
from hub.cli.findings import Finding, Level
from hub.cli.outside import look
from hub.config import LOOPBACK, Settings
from hub.kernel.database import Database
from hub.trust.backlog import LATE_SECONDS, oldest
from hub.trust.issuer import open_ring
from hub.trust.issuing.queries import waiting
from hub.trust.key_management import acts_the_ring_lacks
from hub.trust.profiles import PACKAGE, SAFE_LIBSSL, needs_sm2, sm2_library
from hub.trust.witnesses import standing
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
    checks = CHECKS if config.has_home() else (_settings, _absent)
    findings = [finding for check in checks for finding in check(hub.settings)]
    if url is not None:
        findings += look(url, hub.settings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(finding.line())
    if any(finding.level is Level.FIX for finding in findings):
        raise SystemExit(1)


def _settings(settings: Settings) -> Iterator[Finding]:
    shown = {
        "HUB_HOME": settings.home,
        "HUB_DATABASE_URL": settings.database_url.split("@")[-1],  # no password on a screen
        "HUB_BASE_URL": settings.base_url,
        "HUB_KEYS": settings.keys_uri.split("?", maxsplit=1)[0],
        "HUB_PROFILE": settings.profile,
        "HUB_PDF_CERTIFICATE": settings.pdf_certificate
        or "not set: the demonstration authority signs documents",
        "HUB_PDF_KEY": settings.pdf_key or "not set",
        "HUB_LOG": str(settings.request_log or "standard error; hub serve: requests.jsonl in HUB_HOME"),
        "HUB_PDF_KEY_PASSPHRASE": "set" if settings.pdf_key_passphrase else "not set",
        "HUB_ALGORITHMS": ",".join(sorted(settings.algorithms or ())) or "not set: all that the keys have",
        "HUB_DEMO": int(settings.demo),
        "HUB_REDIS_URL": "set" if settings.redis_url else "not set: rate limits count per process",
        "HUB_TIMEZONE": settings.timezone.key,
        "HUB_LOCALE": settings.locale,
        "HUB_DYNAMIC_SECONDS": settings.dynamic_seconds,
        "HUB_RATE_FACTOR": settings.rate_factor,
        "HUB_PROXIES": settings.proxies,
        "HUB_KEY_LEAD_SECONDS": settings.key_lead_seconds,
        "HUB_BACKUP_PASSPHRASE": "set" if settings.backup_passphrase else "not set: asked for",
        "HUB_METRICS_TOKEN": "set" if settings.metrics_token else "not set: metrics answer on loopback only",
    }
    for name, value in shown.items():
        yield Finding(Level.NOTE, name, str(value))


def _absent(settings: Settings) -> Iterator[Finding]:
    yield Finding(Level.FIX, str(settings.home), "absent: check HUB_HOME, then run hub init 目录不存在")


def _exposure(settings: Settings) -> Iterator[Finding]:
    local = settings.host.rsplit(":", 1)[0].strip("[]") in LOOPBACK
    if settings.is_https or local:
        yield Finding(Level.OK, "transport", "TLS" if settings.is_https else "loopback only")
    else:
        level = Level.NOTE if settings.demo and _is_private(settings.host) else Level.FIX
        yield Finding(
            level,
            "transport",
            "plain http beyond loopback: put TLS in front and set HUB_BASE_URL to https://",
        )
    if settings.demo:
        level = Level.NOTE if local or _is_private(settings.host) else Level.FIX
        yield Finding(level, "demonstration", "HUB_DEMO=1 has ready-made logins: never with real data")


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.rsplit(":", 1)[0].strip("[]")).is_private
    except ValueError:
        return False


def _folders(settings: Settings) -> Iterator[Finding]:
    for folder in (settings.home, settings.home / "secrets", key_folder(settings)):
        if not folder.exists():
            yield Finding(Level.NOTE, str(folder), "absent")
        elif folder.stat().st_mode & PRIVATE_MODE:
            yield Finding(Level.FIX, str(folder), f"others can read it: chmod 700 {folder}")
        else:
            yield Finding(Level.OK, str(folder), "private")
    if (settings.home / "secrets" / "keys-passphrase").exists():
        yield Finding(
            Level.NOTE,
            "passphrase",
            "kept beside the keys: fine on a laptop; elsewhere pass HUB_KEYS_PASSPHRASE and delete secrets/keys-passphrase",
        )
    free = shutil.disk_usage(settings.home).free
    level = Level.OK if free > LOW_DISK_BYTES else Level.FIX
    yield Finding(level, "disk", f"{free / 1e9:.1f} GB free")


def _database(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        revision = schema.current(database)
    except DatabaseError as error:
        yield Finding(Level.FIX, "database", f"does not answer: {str(error.orig).splitlines()[0]}")
        return
    finally:
        database.close()
    if revision == schema.head():
        yield Finding(Level.OK, "database", f"revision {revision}")
    else:
        yield Finding(Level.FIX, "database", f"revision {revision}, needs {schema.head()}: run hub init")


def _witnesses(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    record = WitnessRecord(settings.home)
    try:
        reason, known = standing.standing(database, record), record.witnesses()
    except DatabaseError:
        return  # said by the check before
    except RecordDamagedError as error:
        yield Finding(Level.FIX, "witnesses", f"{error} cannot be read")
        return
    finally:
        database.close()
    if reason is not None:
        yield Finding(Level.FIX, "read-only", reason.en)
    elif not known:
        yield Finding(
            Level.NOTE,
            "witnesses",
            "none: a restored old database would go unnoticed; see hub log witness --help",
        )
    for each in known:
        level = Level.FIX if each.trouble else Level.OK
        seen = f"cosigned {each.size} entries" + (f" at {each.at:%Y-%m-%d %H:%M}Z" if each.at else "")
        yield Finding(level, "witness", f"{each.key.name} {each.url} {seen} {each.trouble}".rstrip())


def _intents(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        found = waiting(database)
    except DatabaseError:
        return  # said by the check before
    finally:
        database.close()
    for kind in found:
        failure = f", last failure {kind.last_failure}" if kind.last_failure else ""
        text = f"{kind.count} of kind {kind.kind} since {kind.since:%Y-%m-%d %H:%M} UTC, {kind.attempts} attempts{failure}"
        yield Finding(Level.FIX if kind.attempts else Level.NOTE, "waiting to be issued", text)
    if not found:
        yield Finding(Level.OK, "waiting to be issued", "nothing")


def _worker(settings: Settings) -> Iterator[Finding]:
    database, now = Database(settings.database_url), config.now()
    try:
        late = oldest(database, now=now)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    for what, seconds in late.items():
        is_late = seconds > LATE_SECONDS
        text = f"the oldest waits for {seconds:.0f} s" + (": the worker does not run" if is_late else "")
        yield Finding(Level.FIX if is_late else Level.OK, f"waiting: {what}", text)


def _sm2(settings: Settings) -> Iterator[Finding]:
    try:
        library = sm2_library()
    except KeysError as error:
        yield Finding(Level.FIX if needs_sm2(settings.profile) else Level.NOTE, "SM2", str(error))
        return
    text = f"{library.version}, package {library.package or 'unknown'}; the standard's example passes"
    if library.is_outdated:
        level = Level.FIX if needs_sm2(settings.profile) and not settings.demo else Level.NOTE
        yield Finding(
            level,
            "SM2",
            f"{text}; {PACKAGE} before {SAFE_LIBSSL} leaks through the time that SM2 signing takes "
            "(CVE-2026-77696, CVE-2026-54872): apt upgrade",
        )
    else:
        yield Finding(Level.OK, "SM2", text)


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        ring = open_ring(settings)
    except KeysError as error:
        yield Finding(Level.FIX, "keys", str(error))
        return
    active = sum(info.state is KeyState.ACTIVE for info in ring.infos)
    yield Finding(Level.OK, "keys", f"{active} active of {len(ring.infos)}")
    yield from _old_copy(settings, ring)
    yield from _data_keys(ring)
    if not ring.is_checked:
        yield Finding(
            Level.FIX,
            "key device",
            "away: nothing can be issued, and the ring is believed as the device vouched for it last; bring it back",
        )


def _data_keys(ring: KeyRing) -> Iterator[Finding]:
    try:
        found = ring.data_keys.open()
    except KeysError as error:
        yield Finding(Level.FIX, "personal data keys", str(error), error.zh)
        return
    text = f"{found.current.cipher} seals, {len(found.keys)} open" + (
        f"; given up: {', '.join(sorted(found.lost))}" if found.lost else ""
    )
    yield Finding(Level.OK, "personal data keys", text)


def _old_copy(settings: Settings, ring: KeyRing) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        lacking = acts_the_ring_lacks(database, ring.book)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    if lacking:
        text = f"an old copy: on record and not in it: {', '.join(lacking)}; restore a newer one"
        yield Finding(Level.FIX, "key ring", text)


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings,
    checkup.secrets,
    _exposure,
    checkup.proxies,
    checkup.demonstration,
    _folders,
    _database,
    checkup.rows,
    checkup.clock,
    _witnesses,
    _intents,
    _worker,
    _sm2,
    _keys,
)
