"""Branch coverage of at least 95 % of `signing`, `keys` and every `rules.py`; run after the suite."""

import subprocess
import sys

FLOOR = 95
GATED = "signing/*,keys/*,*/rules.py"


def main() -> int:
    subprocess.run([sys.executable, "-m", "coverage", "combine", "--quiet"], check=False)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "coverage",
            "report",
            f"--include={GATED}",
            f"--fail-under={FLOOR}",
            "--skip-covered",
        ],
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
