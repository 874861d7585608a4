"""The license kinds that ship with the hub: unverified defaults, with which every hub's catalogue begins."""

from functools import cache
from importlib.resources import files

from hub.licenses.catalogue.rows import read_table
from hub.licenses.catalogue.rules import LicenseCatalogue

TABLE = "data/types-2026-11.csv"


@cache
def shipped_catalogue() -> LicenseCatalogue:
    """Raises: ValueError, TypeColumnsError when the shipped table is damaged."""
    kinds, faults = read_table(files(__package__).joinpath(TABLE).read_bytes())
    if faults:
        raise ValueError(f"{TABLE}: {[(line, str(error)) for line, error in faults]}")
    return LicenseCatalogue(tuple(kinds))
