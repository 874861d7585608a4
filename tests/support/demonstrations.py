"""A hub of the tests made a demonstration: the setting, the mark on its keys, and ready-made logins."""

from dataclasses import replace
from datetime import datetime

from hub.access.demonstrators import demonstration_logins
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.trust.keys.issuer import ring_folder


def as_demonstration(settings: Settings) -> Settings:
    """The same hub with HUB_DEMO=1 and keys that are marked."""
    ring_folder(settings).mark_demonstration()
    return replace(settings, demo=True)


def demonstration_links(db: Database, settings: Settings, *, uscc: str, now: datetime) -> dict[Role, str]:
    """The link of the first person of each role."""
    logins = demonstration_logins(db, settings, uscc=uscc, now=now)
    return {login.role: login.link for login in reversed(logins)}
