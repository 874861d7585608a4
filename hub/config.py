"""Settings, and the clock: the only reader of the environment and of the time."""

import os
import pwd
import re
import stat
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.kernel.engine import sqlite_url
from hub.kernel.errors import SettingsError
from hub.secret_files import HOME_MODE, embedded_secret, with_secret_files
from keys import DEFAULT_LEAD_SECONDS, Algorithm, KeysError, ring_place

MIN_SECRET_CHARS = 32  # 160 bits in any printable alphabet
PROFILES = ("international", "national", "dual")
MIN_DYNAMIC_SECONDS = 10  # below ten nobody can scan in time
MAX_DYNAMIC_SECONDS = 300  # trust profile: a dynamic code lives at most five minutes
MAX_LEAD_SECONDS = 31 * 86_400  # a month: a longer wait for a new key is a slip of the keyboard
MAX_COUNT = 10_000  # a factor or a number of proxies beyond this is a slip of the keyboard
_BASE_URL = re.compile(r"https?://[a-z0-9.-]+(?::([0-9]{1,5}))?\Z")
ADDRESS_FILE = "address"  # in the home: where the hub was served last
NOT_GIVEN = "-" * MIN_SECRET_CHARS
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def now() -> datetime:
    """Return the present moment, aware UTC. Read once per request or command and passed on."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything configurable, read once. Wrong values raise SettingsError naming the variable."""

    home: Path
    database_url: str
    base_url: str
    keys_uri: str
    keys_passphrase: str
    secret_key: str
    profile: str = "international"
    algorithms: frozenset[Algorithm] | None = None
    demo: bool = False
    redis_url: str | None = None
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    locale: str = "zh"
    dynamic_seconds: int = 60
    metrics_token: str | None = None
    rate_factor: int = 1
    proxies: int = 0
    key_lead_seconds: int = DEFAULT_LEAD_SECONDS
    pdf_certificate: Path | None = None
    pdf_key: Path | None = None
    pdf_key_passphrase: str | None = None
    backup_passphrase: str | None = None
    request_log: Path | None = None
    spool_files: int = 256
    spool_megabytes: int = 1024

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `HUB_*`. Embedded secrets (passphrase, secret key) are made once under `HUB_HOME`, mode 0600."""
        env = with_secret_files(os.environ if environ is None else environ)
        home = Path(env.get("HUB_HOME", "var")).resolve()
        demo = _flag(env, "HUB_DEMO")
        pdf_certificate, pdf_key = _pdf_files(env)
        return cls(
            home=home,
            database_url=_database_url(env, home),
            base_url=_base_url(env, home),
            keys_uri=_keys_uri(env, home),
            keys_passphrase=_passphrase(env, home),
            secret_key=_secret_key(env, home),
            profile=_one_of(env, "HUB_PROFILE", PROFILES),
            algorithms=_algorithms(env),
            demo=demo,
            redis_url=env.get("HUB_REDIS_URL") or None,
            timezone=_timezone(env),
            locale=_one_of(env, "HUB_LOCALE", ("zh", "en")),
            dynamic_seconds=_seconds(env),
            metrics_token=env.get("HUB_METRICS_TOKEN") or None,
            rate_factor=_count(env, "HUB_RATE_FACTOR", default=1, at_least=1),
            proxies=_count(env, "HUB_PROXIES", default=0, at_least=0),
            key_lead_seconds=_lead(env),
            pdf_certificate=pdf_certificate,
            pdf_key=pdf_key,
            pdf_key_passphrase=env.get("HUB_PDF_KEY_PASSPHRASE") or None,
            backup_passphrase=env.get("HUB_BACKUP_PASSPHRASE") or None,
            request_log=_path(env.get("HUB_LOG") if env.get("HUB_LOG") != "-" else None),
            spool_files=_count(env, "HUB_SPOOL_FILES", default=256, at_least=4),
            spool_megabytes=_count(env, "HUB_SPOOL_MB", default=1024, at_least=16),
        )

    @classmethod
    def for_absent_home(cls) -> "Settings":
        """Read as `from_env` where there is no home yet: no secret is made, one that is not given is NOT_GIVEN."""
        env = with_secret_files(os.environ)
        given = {name: env.get(name) or NOT_GIVEN for name in ("HUB_KEYS_PASSPHRASE", "HUB_SECRET_KEY")}
        return cls.from_env({**env, **given})

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def log_origin(self) -> str:
        """The name of the hub's public log, and its own name as a witness (C2SP: an address without its scheme)."""
        return f"{self.host}/log"

    def today(self, moment: datetime) -> date:
        """Return the legal date of `moment` in the configured zone (default Asia/Shanghai)."""
        return moment.astimezone(self.timezone).date()


def has_home() -> bool:
    """Return whether the folder that `HUB_HOME` names is there."""
    return Path(os.environ.get("HUB_HOME", "var")).is_dir()


def state_folder() -> Path:
    """Return where a command keeps what one machine's user did, apart from any hub (XDG Base Directory, state)."""
    given = os.environ.get("XDG_STATE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".local/state") / "yizhao-hub"


def make_home(home: Path) -> None:
    """Make `HUB_HOME`, for its owner alone. One that is there is closed to others when it is ours and the hub's own.

    A folder with other things in it, or one where everybody puts things (sticky, as /tmp), stays as it is: `hub
    doctor` says that others can read it. Raises: OSError.
    """
    home.mkdir(parents=True, exist_ok=True, mode=HOME_MODE)
    known = home.stat()
    is_shared = known.st_uid != os.geteuid() or known.st_mode & stat.S_ISVTX
    if not is_shared and known.st_mode & ~HOME_MODE & 0o777 and _is_hubs(home):
        home.chmod(HOME_MODE)


def _is_hubs(home: Path) -> bool:
    return (home / "secrets").is_dir() or (home / "keys").is_dir() or not any(home.iterdir())


def operator_name() -> str:
    """Return the operating-system account at the command line, for the record of who did what."""
    number = os.getuid()  # not LOGNAME or USER, which anybody sets to anybody
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's, say
        return f"uid {number}"


def _pdf_files(env: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """The certificate for documents and its key: both or neither (then the demonstration authority signs)."""
    certificate, key = (env.get(name) or None for name in ("HUB_PDF_CERTIFICATE", "HUB_PDF_KEY"))
    if (certificate is None) != (key is None):
        raise SettingsError("HUB_PDF_CERTIFICATE and HUB_PDF_KEY belong together: set both or neither")
    return _path(certificate), _path(key)


def _path(name: str | None) -> Path | None:
    return Path(name).resolve() if name else None


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "0")
    if value not in {"0", "1"}:
        raise SettingsError(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, allowed[0])
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _algorithms(env: Mapping[str, str]) -> frozenset[Algorithm] | None:
    """The algorithms that this hub's own verification requires; None: every one that its keys have."""
    value = env.get("HUB_ALGORITHMS", "")
    if not value:
        return None
    try:
        return frozenset(Algorithm(name) for name in value.split(","))
    except ValueError as error:
        known = ", ".join(Algorithm)
        raise SettingsError(f"HUB_ALGORITHMS lists {known} with commas between, not {value!r}") from error


def announce(
    home: Path,
    *,
    port: int,
    host: str | None = None,
    log: str | None = None,
    environ: MutableMapping[str, str] | None = None,
) -> None:
    """Publish the address before a server listens: its processes and every later command for this home know it.

    Without this a command in another shell would sign in the name of another address. What HUB_BASE_URL or PORT say
    to a command comes first. `host`: by which other machines reach this one, where nobody named an address; `log`: the
    file of request lines, `-` for standard error.
    """
    env = os.environ if environ is None else environ
    env["PORT"] = str(port)
    if host is not None and not env.get("HUB_BASE_URL"):
        env["HUB_BASE_URL"] = f"http://{host}:{port}"
    if log is not None:
        env["HUB_LOG"] = log
    address = _base_url(env, home)
    kept = home / ADDRESS_FILE
    if not kept.is_file() or kept.read_text(encoding="ascii", errors="replace").strip() != address:
        kept.write_text(f"{address}\n", encoding="ascii")


def _base_url(env: Mapping[str, str], home: Path) -> str:
    value = (env.get("HUB_BASE_URL") or _served(env, home)).rstrip("/")
    if not (asked := _BASE_URL.match(value)) or not 0 < int(asked[1] or 1) < 1 << 16:
        raise SettingsError(f"HUB_BASE_URL must be http(s)://host[:port] in lower case, not {value!r}")
    return value


def _served(env: Mapping[str, str], home: Path) -> str:
    """Where the hub of this home is served, or was last: the address on the machine itself."""
    kept = home / ADDRESS_FILE
    if "PORT" not in env and kept.is_file():
        return kept.read_text(encoding="ascii", errors="replace").strip()
    return f"http://127.0.0.1:{env.get('PORT', '8000')}"


def _keys_uri(env: Mapping[str, str], home: Path) -> str:
    value = env.get("HUB_KEYS", f"file:{home / 'keys'}")
    if not value.startswith(("file:", "pkcs11:")):
        raise SettingsError(
            f"HUB_KEYS must be file:FOLDER or pkcs11:token=LABEL?module-path=FILE, not {value!r}"
        )
    try:
        ring_place(value, home=home)
    except KeysError as error:
        raise SettingsError(str(error)) from error
    return value


def _passphrase(env: Mapping[str, str], home: Path) -> str:
    given = env.get("HUB_KEYS_PASSPHRASE")
    if given:
        return given
    if env.get("HUB_KEYS", "").startswith("pkcs11:"):
        raise SettingsError("HUB_KEYS names a token: set HUB_KEYS_PASSPHRASE to its PIN")
    return embedded_secret(home, "keys-passphrase")


def _database_url(env: Mapping[str, str], home: Path) -> str:
    value = env.get("HUB_DATABASE_URL", sqlite_url(home / "hub.sqlite3"))
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("HUB_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://")
    return value


def _secret_key(env: Mapping[str, str], home: Path) -> str:
    value = env.get("HUB_SECRET_KEY") or embedded_secret(home, "secret-key")
    if len(value) < MIN_SECRET_CHARS:
        raise SettingsError(f"HUB_SECRET_KEY needs at least {MIN_SECRET_CHARS} characters")
    return value


def _timezone(env: Mapping[str, str]) -> ZoneInfo:
    value = env.get("HUB_TIMEZONE", "Asia/Shanghai")
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder, a name too long
        raise SettingsError(f"HUB_TIMEZONE {value!r} is not an IANA time zone") from error


def _count(
    env: Mapping[str, str], name: str, *, default: int, at_least: int, at_most: int = MAX_COUNT
) -> int:
    value = env.get(name, str(default))
    if not value.isascii() or not value.isdecimal() or not at_least <= int(value) <= at_most:
        raise SettingsError(f"{name} must be {at_least} to {at_most}, not {value!r}")
    return int(value)


def _lead(env: Mapping[str, str]) -> int:
    name = "HUB_KEY_LEAD_SECONDS"
    return _count(env, name, default=DEFAULT_LEAD_SECONDS, at_least=1, at_most=MAX_LEAD_SECONDS)


def _seconds(env: Mapping[str, str]) -> int:
    name, most = "HUB_DYNAMIC_SECONDS", MAX_DYNAMIC_SECONDS
    return _count(env, name, default=60, at_least=MIN_DYNAMIC_SECONDS, at_most=most)
