"""The government end: the city now, enterprises, sources, plates by area, reports, scope review, audit."""

from hub.ends.government import (  # noqa: F401  # routes register themselves
    audit,
    copies,
    doubts,
    enterprises,
    exceptions,
    overview,
    plates,
    proposals,
    reports,
    scope,
    sources,
    words,
)
from hub.ends.government.blueprint import blueprint

__all__ = ["blueprint"]
