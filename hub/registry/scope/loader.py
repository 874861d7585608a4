"""The business scope items that ship with the hub: unverified defaults, one file per version."""

import csv
import hashlib
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Final

from hub.registry.scope.items import (
    CONDITIONS,
    Keyword,
    Nature,
    PermitNeed,
    Prior,
    ReformMode,
    ScopeCatalogue,
    ScopeItem,
)

LATEST: Final = "items-2026-11"
_DIGEST_CHARS: Final = 12  # names one content among the few versions there will ever be


def load_catalogue(name: str = LATEST) -> ScopeCatalogue:
    """Return the shipped catalogue, read once; its `version` is the file's name and the beginning of its SHA-256.

    Raises: FileNotFoundError for a name that is not shipped, ValueError when a row is damaged.
    """
    return _load(name)


@cache
def _load(name: str) -> ScopeCatalogue:
    content = files(__package__).joinpath("data", f"{name}.csv").read_bytes()
    return read_catalogue(name, content)


def read_catalogue(name: str, content: bytes) -> ScopeCatalogue:
    """Return a catalogue from the bytes of a CSV file in UTF-8 (columns as in the shipped one). Raises: ValueError."""
    version = f"{name}@{hashlib.sha256(content).hexdigest()[:_DIGEST_CHARS]}"
    rows = csv.DictReader(content.decode("utf-8").splitlines(), strict=True)
    return ScopeCatalogue(version, tuple(_item(row) for row in rows))


def _item(row: dict[str, str]) -> ScopeItem:
    try:
        return ScopeItem(
            code=row["item_code"],
            name=row["name"],
            nature=Nature(row["nature"]),
            permits=_permits(row),
            site_bound=_truth(row["site_bound"]),
            reform_mode=_reform(row["reform_mode"].split("|")[0]),
            aliases=_parts(row["aliases"]),
            keywords=tuple(_keyword(text) for text in _parts(row["keywords"])),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            basis=row["basis"],
            verified=_truth(row["verified"]),
            note=row["note"],
        )
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"business scope item {row.get('item_code')!r}: {error}") from error


def _permits(row: dict[str, str]) -> tuple[PermitNeed, ...]:
    """Columns beside `permits` hold one value for all, or one per permit, each separated by |."""
    names = _parts(row["permits"])
    columns = [_per_permit(row[column], len(names)) for column in ("prior", "reform_mode", "condition")]
    return tuple(
        PermitNeed(name, Prior(prior), _reform(reform), _condition(condition))
        for name, prior, reform, condition in zip(names, *columns, strict=True)
    )


def _per_permit(text: str, count: int) -> tuple[str, ...]:
    return tuple(text.split("|")) if "|" in text else tuple(repeat(text, count))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _reform(text: str) -> ReformMode | None:
    return ReformMode(text) if text else None


def _condition(text: str) -> str | None:
    if text and text not in CONDITIONS:
        raise ValueError(f"no such condition: {text}")
    return text or None


def _keyword(text: str) -> Keyword:
    """`a+b-c`: a and b occur, c does not; small letters, as item keys are written."""
    wanted, *unwanted = text.casefold().split("-")
    return Keyword(tuple(wanted.split("+")), tuple(unwanted))
