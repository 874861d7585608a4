"""Where a caller may be sent: only to a place of our own."""

from urllib.parse import urlsplit

MAX_NEXT_CHARS = 500  # our longest page address is below 200


def local_path(target: str | None, *, default: str) -> str:
    """`target` when it is a path on this host, else `default`: nobody is redirected to a caller's address."""
    if not target or len(target) > MAX_NEXT_CHARS or not target.startswith("/"):
        return default
    if target.startswith(("//", "/\\")) or any(c == "\\" or ord(c) <= ord(" ") for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target
