"""Names of people and of their things, as they were given."""

from hub.access import errors
from hub.kernel.visible_characters import is_visible

MAX_NAME_CHARS = 100  # the column's width; longer than any name on an identity card


def clean_name(name: str) -> str:
    """Return a name as it was given, trimmed: what registries hold is accepted, private-use and new characters too.

    Raises: InvalidInputError where a character of it cannot be seen (control, direction, separator).
    """
    shown = name.strip()
    if not 0 < len(shown) <= MAX_NAME_CHARS or not is_visible(shown):
        raise errors.NameRefusedError
    return shown
