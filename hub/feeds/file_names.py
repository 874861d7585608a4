"""What a file is called in reports: names are bytes, and some departments' are GB18030 and not UTF-8."""

import os
from pathlib import Path

from hub.kernel.exports import visible_text


def file_name(path: Path) -> str:
    """Return the name of a file as text that can be stored and shown; see `shown_path`."""
    return shown_path(path.name)


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a path as text: as UTF-8, else as GB18030, else with its bytes as escapes; nothing invisible, no lone surrogate."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return visible_text(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return visible_text(raw.decode("ascii", "backslashreplace"))
