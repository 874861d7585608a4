"""Print which installed packages differ from a lock: `python packaging/compare_lock.py packaging/locks/test.txt`."""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path

OURS = "yizhao-hub"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def locked(text: str) -> dict[str, set[str]]:
    """Return each package of a lock with its versions: more than one where they depend on the Python."""
    found: dict[str, set[str]] = {}
    for name, version in _PINNED.findall(text):
        found.setdefault(normal(name), set()).add(version)
    return found


def normal(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def differences(lock: dict[str, set[str]], installed: dict[str, str]) -> list[str]:
    """Return one line for each package that is installed otherwise than locked."""
    return [
        f"{name}: locked {', '.join(sorted(lock.get(name, {'nowhere'})))}, installed {version}"
        for name, version in sorted(installed.items())
        if version not in lock.get(name, set())
    ]


def main() -> None:
    lock = locked(Path(sys.argv[1]).read_text(encoding="utf-8"))
    here = {normal(each.name): each.version for each in distributions()}
    told = differences(lock, {name: version for name, version in here.items() if name not in {OURS, "pip"}})
    print("\n".join(told) if told else "The newest packages are the locked ones.")


if __name__ == "__main__":
    main()
