"""Settings: wrong values stop the start and say which; no secret has a default."""

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.config import Settings, announce
from hub.kernel.errors import SettingsError
from hub.trust.record.database import open_database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_DEMO", "yes"),
        ("HUB_PROFILE", "secret"),
        ("HUB_ALGORITHMS", "RS256"),
        ("HUB_ALGORITHMS", "ES256,"),
        ("HUB_ALGORITHMS", "ES256, SM2"),
        ("HUB_LOCALE", "fr"),
        ("HUB_BASE_URL", "hub.example"),
        ("HUB_BASE_URL", "https://Hub.example"),
        ("HUB_BASE_URL", "https://hub.example/path"),
        ("HUB_BASE_URL", "javascript:alert(1)"),
        ("HUB_BASE_URL", "http://[::1"),
        ("HUB_BASE_URL", "https://hub.example@evil.example"),
        ("HUB_BASE_URL", "https://hub.example?x"),
        ("HUB_BASE_URL", "https://hub.example:x"),
        ("HUB_BASE_URL", "https://hub.example:99999"),
        ("HUB_BASE_URL", "https://hub.example:0"),
        ("HUB_BASE_URL", "https://"),
        ("HUB_KEYS", "pkcs11:token"),
        ("HUB_DATABASE_URL", "mysql://x"),
        ("HUB_TIMEZONE", "Mars/Olympus"),
        ("HUB_TIMEZONE", "../etc/passwd"),
        ("HUB_TIMEZONE", "Asia"),
        ("HUB_TIMEZONE", "A" * 300),
        ("HUB_DYNAMIC_SECONDS", "9"),
        ("HUB_DYNAMIC_SECONDS", "301"),
        ("HUB_DYNAMIC_SECONDS", "6O"),
        ("HUB_SPOOL_FILES", "3"),
        ("HUB_SPOOL_MB", "1G"),
        ("HUB_SECRET_KEY", "short"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_itself(
    environ: dict[str, str], name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(environ | {name: value})


def test_an_embedded_hub_makes_its_own_secrets_readable_by_nobody_else(tmp_path: Path) -> None:
    first = Settings.from_env({"HUB_HOME": str(tmp_path / "var")})
    second = Settings.from_env({"HUB_HOME": str(tmp_path / "var")})

    assert first == second
    assert len(first.secret_key) >= 32
    assert first.secret_key != first.keys_passphrase
    for path in (tmp_path / "var" / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_hubs_never_share_a_secret(tmp_path: Path) -> None:
    one = Settings.from_env({"HUB_HOME": str(tmp_path / "one")})
    other = Settings.from_env({"HUB_HOME": str(tmp_path / "other")})

    assert one.secret_key != other.secret_key


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Settings.from_env({"HUB_HOME": str(tmp_path)})
    (tmp_path / "secrets" / "secret-key").chmod(0o644)

    with pytest.raises(SettingsError, match="secret-key"):
        Settings.from_env({"HUB_HOME": str(tmp_path)})


def test_the_port_of_the_laptop_hub_shows_in_its_address(tmp_path: Path) -> None:
    assert Settings.from_env({"HUB_HOME": str(tmp_path), "PORT": "9000"}).base_url == "http://127.0.0.1:9000"


def test_the_legal_day_turns_at_midnight_in_shanghai(settings: Settings) -> None:
    assert settings.today(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert settings.today(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_command_in_another_shell_speaks_for_the_address_at_which_the_hub_is_served(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path)}
    announce(tmp_path, port=8123, environ=dict(environ))

    assert Settings.from_env(environ).base_url == "http://127.0.0.1:8123"
    assert Settings.from_env({**environ, "PORT": "9000"}).base_url == "http://127.0.0.1:9000"
    assert (
        Settings.from_env({**environ, "HUB_BASE_URL": "https://hub.example"}).base_url
        == "https://hub.example"
    )


def test_a_server_keeps_the_address_it_was_given_rather_than_its_port(tmp_path: Path) -> None:
    environ = {"HUB_HOME": str(tmp_path), "HUB_BASE_URL": "https://hub.example"}
    announce(tmp_path, port=8123, environ=dict(environ))

    assert Settings.from_env({"HUB_HOME": str(tmp_path)}).base_url == "https://hub.example"


def test_a_spoilt_address_is_a_setting_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "address").write_text("https://Höst\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="HUB_BASE_URL"):
        Settings.from_env({"HUB_HOME": str(tmp_path)})


@pytest.mark.parametrize("name", ["a%41", "a%2Fb", "question?mode=ro", "hash#", "照集成 x", "a+b@c:d;e"])
def test_the_database_lies_in_its_home_whatever_characters_the_folder_has(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    database = open_database(Settings.from_env({"HUB_HOME": str(home)}).database_url)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE here (x INTEGER)")
    database.close()

    assert (home / "hub.sqlite3").is_file()


def test_a_secret_may_lie_in_a_file_that_a_setting_names(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("from-a-file-" * 4 + "\n", encoding="utf-8")
    settings = Settings.from_env({"HUB_HOME": str(tmp_path), "HUB_SECRET_KEY_FILE": str(kept)})
    assert settings.secret_key == "from-a-file-" * 4


def test_a_secret_is_given_once_and_from_a_file_that_can_be_read(tmp_path: Path) -> None:
    home = {"HUB_HOME": str(tmp_path), "HUB_METRICS_TOKEN_FILE": str(tmp_path / "absent")}
    with pytest.raises(SettingsError, match="HUB_METRICS_TOKEN_FILE"):
        Settings.from_env(home)
    with pytest.raises(SettingsError, match="keep one of them"):
        Settings.from_env({**home, "HUB_METRICS_TOKEN": "given"})
