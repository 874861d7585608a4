"""The reference data that ships with the hub; imported where the hub is put together, and nowhere else."""

from hub.kernel.calendar.loader import shipped_calendar
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.reference.rules import ReferenceTables
from hub.registry.scope.loader import load_catalogue


def shipped_reference() -> ReferenceTables:
    """Raises: ValueError when a shipped table is damaged."""
    return ReferenceTables(shipped_catalogue().types, load_catalogue(), shipped_calendar())
