"""A hub of the tests made a demonstration: the setting, the mark on its keys, and ready-made logins."""

from dataclasses import replace

from hub.config import Settings
from hub.trust.keys.issuer import ring_folder


def as_demonstration(settings: Settings) -> Settings:
    """The same hub with HUB_DEMO=1 and keys that are marked."""
    ring_folder(settings).mark_demonstration()
    return replace(settings, demo=True)
