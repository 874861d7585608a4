"""The departments' sources: which columns hold what, as data shipped beside this module, one file per source."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from hub.feeds.kinds import KINDS
from hub.kernel.messages import Message
from hub.registry.reading.kinds import RowKind

MAPPINGS = "mappings"
UNCLAIMED = "unclaimed"  # all kinds of license that no other source claims
_DROPPED = str.maketrans("", "", "_*:;,.。\u200b\u200c\u200d\u2060\ufeff'\"")


class Need(StrEnum):
    """Whether a column must be in the file (COLUMN), and besides hold a value in every row (VALUE)."""

    VALUE = "value"
    COLUMN = "column"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class SourceField:
    """One thing a source tells, and the headers under which it is met, the source's own first."""

    name: str
    headers: tuple[str, ...]
    need: Need


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """How much one batch may change of what stands without a person: a share of the source's own statuses, or so many."""

    share: float
    floor: int


@dataclass(frozen=True)
class Source:
    """One source. `types`: the kinds of license that it claims, empty for other kinds of rows.

    `left_out`: of the one source that may report all kinds that no other claims, the kinds that others claim; else None.
    `fixed_type`: the one kind its rows are, when no column says so. `states`: its own codes for states.
    """

    id: str
    kind: RowKind
    title: Message
    department: Message
    fields: tuple[SourceField, ...]
    types: frozenset[str] = frozenset()
    left_out: frozenset[str] | None = None
    fixed_type: str | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    guard: ChangeLimit = ChangeLimit(0.0, 0)

    @cached_property
    def by_header(self) -> Mapping[str, tuple[SourceField, int]]:
        """Field and rank of each known header (rank 0: the source's own), by `header_key`."""
        known: dict[str, tuple[SourceField, int]] = {}
        for one in self.fields:
            for rank, header in enumerate(one.headers):
                known.setdefault(header_key(header), (one, rank))
        return MappingProxyType(known)

    def may_report(self, code: str) -> bool:
        """Return whether rows of this source may be of that kind of license."""
        return code in self.types if self.left_out is None else code not in self.left_out

    @cached_property
    def required_columns(self) -> tuple[SourceField, ...]:
        return tuple(one for one in self.fields if one.need is not Need.OPTIONAL)

    @cached_property
    def required_values(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.need is Need.VALUE)


def header_key(text: str) -> str:
    """Return one spelling of a header: NFKC, small letters, without blanks, marks of duty and punctuation."""
    folded = "".join(unicodedata.normalize("NFKC", text[:100]).split()).casefold().translate(_DROPPED)
    return folded.removesuffix("(必填)").removesuffix("(选填)")


@cache
def shipped_sources() -> Mapping[str, Source]:
    """Return every source by id, in the order in which a city loads them.

    Raises: ValueError when two sources claim one kind of license, or a file is damaged.
    """
    folder = files(__package__).joinpath(MAPPINGS)
    documents = [
        json.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".json")
    ]
    claimed = [code for document in documents for code in _claims(document)]
    twice = {code for code in claimed if claimed.count(code) > 1}
    if twice:
        raise ValueError(f"claimed by two sources: {sorted(twice)}")
    sources = [_source(document, frozenset(claimed)) for document in documents]
    return MappingProxyType(
        {source.id: source for source in sorted(sources, key=lambda one: KINDS.index(one.kind))}
    )


def _claims(document: Mapping[str, Any]) -> list[str]:
    types = document.get("types", [])
    return [] if types == UNCLAIMED else list(types)


@cache
def _usual_guard() -> dict[str, Any]:
    """What holds for every source whose file says nothing else."""
    read: dict[str, Any] = json.loads(files(__package__).joinpath("guard.json").read_text(encoding="utf-8"))
    return read


def _source(document: Mapping[str, Any], claimed: frozenset[str]) -> Source:
    kinds = {kind.name: kind for kind in KINDS}
    return Source(
        id=document["id"],
        kind=kinds[document["kind"]],
        title=Message(**document["title"]),
        department=Message(**document["department"]),
        fields=tuple(
            SourceField(name, tuple(row["headers"]), Need(row["need"]))
            for name, row in document["fields"].items()
        ),
        types=frozenset(_claims(document)),
        left_out=claimed if document.get("types") == UNCLAIMED else None,
        fixed_type=document.get("fixed_type"),
        states=MappingProxyType(dict(document.get("states", {}))),
        guard=ChangeLimit(**_usual_guard() | document.get("guard", {})),
    )
