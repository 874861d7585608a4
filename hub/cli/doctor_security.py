"""What `hub doctor` proves about secrets, proxies, demonstrations and the clock."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy.exc import DatabaseError

from hub import config, schema
from hub.cli.doctor_findings import DoctorFinding, FindingLevel
from hub.codes.dynamic import forgotten_until
from hub.config import MIN_SECRET_CHARS, Settings
from hub.demo import separation
from hub.kernel import tenants
from hub.kernel.secret_strength import weakness
from hub.trust.clock import ClockWatch
from hub.trust.keys.issuer import ring_folder
from hub.trust.record.database import open_database
from hub.trust.statuses.publication import soonest_expiry
from keys.ring_file import is_marked

MIN_TOKEN_CHARS = 16  # /metrics can be asked a thousand times a second
SOON = timedelta(hours=6)  # lists are renewed half a day before they expire


def secrets(settings: Settings) -> Iterator[DoctorFinding]:
    """Secrets that can be guessed."""
    wanted = (
        ("HUB_SECRET_KEY", settings.secret_key, MIN_SECRET_CHARS),
        (
            "HUB_KEYS_PASSPHRASE",
            settings.keys_passphrase if settings.keys_uri.startswith("file:") else None,
            12,
        ),
        ("HUB_METRICS_TOKEN", settings.metrics_token, MIN_TOKEN_CHARS),
        ("HUB_BACKUP_PASSPHRASE", settings.backup_passphrase, 12),
        ("HUB_PDF_KEY_PASSPHRASE", settings.pdf_key_passphrase, 12),
        ("HUB_DATABASE_URL", _password(settings.database_url), 12),
        ("HUB_REDIS_URL", _password(settings.redis_url or ""), 12),
    )
    weak = False
    for name, secret, min_chars in wanted:
        why = None if secret is None else weakness(secret, min_chars=min_chars)
        if why is not None:
            weak = True
            yield DoctorFinding(
                FindingLevel.FIX,
                f"secret {name}",
                f"{why.en}: take one by chance, for example from: openssl rand -base64 32",
                f"{why.zh}：请使用随机值，例如 openssl rand -base64 32",
            )
    for told in _shared({name: secret for name, secret, _ in wanted if secret}):
        weak = True
        yield DoctorFinding(
            FindingLevel.FIX,
            "same secret twice",
            f"{told} have one value: who learns it of one place has the others; give each its own",
            f"{told} 使用同一个值，一处泄露即全部泄露：请分别设置",
        )
    if not weak:
        yield DoctorFinding(FindingLevel.OK, "secrets", "none that can be guessed", "未发现弱口令")


def _shared(secrets: Mapping[str, str]) -> Iterator[str]:
    """The settings that have a value in common, as told to a reader."""
    for value in sorted(set(secrets.values())):
        names = [name for name, secret in secrets.items() if secret == value]
        if len(names) > 1:
            yield ", ".join(names)


def _password(url: str) -> str | None:
    """The password in an address; None where there is none."""
    try:
        return urlsplit(url).password or None
    except ValueError:
        return None


def proxies(settings: Settings) -> Iterator[DoctorFinding]:
    """With TLS there is a proxy in front, and the hub must know of it."""
    if settings.is_https and not settings.proxies:
        yield DoctorFinding(
            FindingLevel.FIX,
            "proxies",
            "https is made by a proxy, but HUB_PROXIES=0: all the world is one asker for the rate limits, and /metrics "
            "takes everybody for this machine; set HUB_PROXIES to the number of proxies in front",
            "https 由反向代理提供，而 HUB_PROXIES=0：所有访问者会被当作同一来源，/metrics 对外开放；"
            "请把 HUB_PROXIES 设为前置代理的层数",
        )


def demonstration(settings: Settings) -> Iterator[DoctorFinding]:
    """Check whether setting, database and keys go together."""
    database = open_database(settings.database_url)
    try:
        error = separation.mismatch(
            database, demo=settings.demo, has_demo_keys=is_marked(ring_folder(settings).path, settings.demo)
        )
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    if error is not None:
        yield DoctorFinding(FindingLevel.FIX, "demonstration data", error.message.en, error.message.zh)
    elif not settings.demo:
        yield DoctorFinding(FindingLevel.OK, "demonstration data", "none", "无演示数据")


def rows(settings: Settings) -> Iterator[DoctorFinding]:
    """Check the second lock on enterprises' rows, which PostgreSQL has."""
    database = open_database(settings.database_url)
    try:
        with database.engine.connect() as connection:
            names = tenants.unprotected(connection, schema.METADATA.sorted_tables)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    if names:
        told = ", ".join(names)
        yield DoctorFinding(
            FindingLevel.FIX,
            "row-level security",
            f"off for {told}: a request of one enterprise is kept from others' rows by the program alone; run hub init",
            f"以下表未启用行级安全：{told}；企业之间的隔离仅由程序保证，请运行 hub init",
        )
    elif not database.is_sqlite:
        yield DoctorFinding(
            FindingLevel.OK,
            "row-level security",
            "on for every table of enterprises",
            "企业数据表均已启用行级安全",
        )


def clock(settings: Settings) -> Iterator[DoctorFinding]:
    """Hold the clock against what is on record, and against the lists that were published by it."""
    database = open_database(settings.database_url)
    watch = ClockWatch(database, settings.home, now=config.now, bounds=(forgotten_until,))
    try:
        behind, expiry = watch(), soonest_expiry(database)
    except DatabaseError:
        return  # said by the check of the database
    finally:
        database.close()
    if behind is not None:
        yield DoctorFinding(FindingLevel.FIX, "clock", behind.en, behind.zh)
    else:
        yield DoctorFinding(
            FindingLevel.OK, "clock", "not behind anything on record", "时钟不早于任何已有记录"
        )
    if expiry is not None and expiry - config.now() < SOON:
        yield DoctorFinding(
            FindingLevel.FIX,
            "status lists",
            f"the oldest is believed until {expiry:%Y-%m-%d %H:%M}Z: the worker does not run, its keys are away, or the "
            "clock ran ahead",
            f"最旧的状态列表有效期至 {expiry:%Y-%m-%d %H:%M}Z：后台任务未运行、签名密钥不可用，或时钟走快",
        )
