"""Branch coverage of at least 95 % of `signing`, `keys` and each single `rules.py`; run after the suite."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

FLOOR = 95
GATED = "signing/*,keys/*,*/rules.py"


def main() -> int:
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [
            sys.executable,
            "-m",
            "coverage",
            "json",
            "--quiet",
            f"--include={GATED}",
            "-o",
            report.name,
        ]
        subprocess.run(command, check=True)
        files: Mapping[str, Mapping[str, Mapping[str, float]]] = json.loads(Path(report.name).read_text())[
            "files"
        ]
    covered = {name: facts["summary"]["percent_covered"] for name, facts in files.items()}
    low = {name: share for name, share in covered.items() if share < FLOOR}
    for name, share in low.items():
        print(f"{name}: {share:.1f} % of its lines and branches are covered, {FLOOR} % are wanted")
    print(f"coverage: {len(covered) - len(low)} of {len(covered)} gated files reach {FLOOR} %")
    return 1 if low or not covered else 0


if __name__ == "__main__":
    sys.exit(main())
