"""The systemd unit: systemd reads every line of it, and finds the service well locked in."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "packaging/systemd/hub.service"
EXPOSURE_TENTHS = 15  # of 100; systemd calls up to 20 "OK", a service without any protection has 96


def machine(folder: Path) -> Path:
    """A root folder with systemd's own units and a program where the unit expects the hub's."""
    program = folder / "opt/hub/bin/hub"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    own = folder / "usr/lib/systemd/system"
    shutil.copytree("/usr/lib/systemd/system", own, symlinks=True)
    (folder / "lib").symlink_to("usr/lib")
    return own


def verified(folder: Path, text: str) -> str:
    path = machine(folder) / "hub.service"
    path.write_text(text, encoding="utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", f"--root={folder}", str(path)],
        capture_output=True,
        check=False,
        text=True,
    )
    return ran.stdout + ran.stderr


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    assert verified(tmp_path, UNIT.read_text(encoding="utf-8")) == ""


def test_a_line_that_systemd_does_not_know_is_found(tmp_path: Path) -> None:
    assert "ProtectHom" in verified(
        tmp_path, UNIT.read_text(encoding="utf-8").replace("ProtectHome=", "ProtectHom=")
    )


def exposed(path: Path) -> bool:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_TENTHS}", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_the_service_can_reach_little_of_the_machine(tmp_path: Path) -> None:
    open_unit = tmp_path / "hub.service"
    kept = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if not line.startswith("Protect")]
    open_unit.write_text("\n".join(kept), encoding="utf-8")

    assert not exposed(UNIT)
    assert exposed(open_unit)
