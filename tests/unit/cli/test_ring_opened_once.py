"""A command stretches the passphrase of its keys once, however often it asks for them, and still sees every change."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hub.cli.context import HubContext
from hub.config import Settings
from keys import KeyRing, WrongPassphraseError, vault
from tests.conftest import CHEAP, NOW
from tests.functional.test_operator_commands import _answer, _free_port, fresh, hub
from tests.support.processes import children_of, is_there, until

__all__ = ["fresh"]

# `hub serve` as it is, with a line in a file for every run of scrypt in any of its processes.
COUNTING = """
import os, sys
from keys import vault
stretch, counts = vault._stretch, os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
def counted(*given):
    os.write(counts, b".")
    return stretch(*given)
vault._stretch = counted
from hub.cli.main import main
main()
"""


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every run of scrypt: they show in nothing but the time."""
    found: list[str] = []
    stretch = vault._stretch  # the one place where scrypt runs

    def counted(passphrase: str, salt: bytes, n: int) -> bytes:
        found.append(passphrase)
        return stretch(passphrase, salt, n)

    monkeypatch.setattr(vault, "_stretch", counted)
    return found


def context_of(settings: Settings) -> HubContext:
    context = HubContext(clock=lambda: NOW)
    context.settings = settings  # type: ignore[misc]  # a cached property takes it
    return context


def test_a_command_that_asks_for_its_keys_again_and_again_stretches_the_passphrase_once(
    settings: Settings, runs: list[str]
) -> None:
    context = context_of(settings)
    context.issuer()
    context.issuer()
    context.key_ring().data_keys.open()

    assert len(runs) == 1


def test_a_process_that_follows_its_keys_opens_those_of_personal_fields_with_them(
    settings: Settings, runs: list[str]
) -> None:
    context = context_of(settings)
    issuer = context.following_issuer()

    assert context.key_ring() is issuer.key_ring
    assert len(runs) == 1


def test_what_changed_on_disk_is_seen_at_the_next_question(settings: Settings) -> None:
    context = context_of(settings)
    before = context.key_ring().infos
    KeyRing.create(settings.home / "other", settings.keys_passphrase, now=NOW, cost=CHEAP)
    shutil.rmtree(settings.home / "keys")
    shutil.copytree(settings.home / "other", settings.home / "keys")

    assert context.key_ring().infos != before


def test_keys_under_another_passphrase_are_refused_though_earlier_ones_were_opened(
    settings: Settings,
) -> None:
    context = context_of(settings)
    context.key_ring()
    shutil.rmtree(settings.home / "keys")
    KeyRing.create(settings.home / "keys", "another one", now=NOW, cost=CHEAP)

    with pytest.raises(WrongPassphraseError):
        context.key_ring()
    assert context_of(replace(settings, keys_passphrase="another one")).key_ring().infos


def test_a_served_hub_stretches_the_passphrase_once_in_all_its_processes(
    fresh: Mapping[str, str], tmp_path: Path
) -> None:
    hub("init", environ=dict(fresh), code=0)
    counts, port = tmp_path / "counts", _free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    command = [sys.executable, "-c", COUNTING, str(counts), "serve", "--port", str(port)]
    with subprocess.Popen(command, env={**clean, **fresh}, stdout=subprocess.DEVNULL) as server:
        try:
            _answer(f"http://127.0.0.1:{port}/")
            assert counts.read_bytes() == b"."
            (web,) = (pid for pid, name in children_of(server.pid).items() if name == "hub-web-1")
            os.kill(web, signal.SIGKILL)
            until(lambda: not is_there(web))
            _answer(f"http://127.0.0.1:{port}/")  # from the one that took its place
        finally:
            server.terminate()

    assert server.returncode == 0
    assert counts.read_bytes() == b"."
