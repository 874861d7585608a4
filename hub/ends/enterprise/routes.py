"""The enterprise end: its own space, on a phone first. Every page shows the actor's own enterprise and no other."""

from hub.ends.enterprise import code, credentials, home, licenses, log, permits, premises, records, words
from hub.ends.enterprise.blueprint import blueprint

__all__ = [
    "blueprint",
    "code",
    "credentials",
    "home",
    "licenses",
    "log",
    "permits",
    "premises",
    "records",
    "words",
]  # all add routes to it
