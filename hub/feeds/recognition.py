"""Finding the header among the first rows, and the source it belongs to; titles and two-line headers are met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from hub.feeds.errors import (
    AmbiguousSourceError,
    DuplicateColumnsError,
    MissingColumnsError,
    NoSuchSourceError,
    SheetHiddenError,
    UnknownSourceError,
)
from hub.feeds.readers.rows import FirstRows, Header, HeadRow
from hub.feeds.sources import Source, SourceField, header_key
from hub.licenses.catalogue.rules import LicenseCatalogue

OWN_HEADER_SCORE = 3  # a source's own word for a column
OTHER_HEADER_SCORE = 1  # a word that any department might use
MIN_TELLING_COLUMNS = 3  # with so many columns known, a file lacks some; with fewer, it is another file


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file's source, its tables, and for each table (by sheet) the column of every field."""

    source: Source
    headers: tuple[Header, ...]
    fields: Mapping[str, Mapping[str, str]]  # sheet → field → column


@dataclass(frozen=True, slots=True)
class _Fit:
    """One reading of one row as the header of one source."""

    source: Source
    header: Header
    fields: Mapping[str, str]
    score: int
    missing: tuple[SourceField, ...]
    twice: tuple[str, ...]


def recognise(
    heads: Sequence[FirstRows],
    sources: Mapping[str, Source],
    *,
    named: str | None,
    catalogue: LicenseCatalogue,
) -> RecognisedFile:
    """Return the source of a file from the first rows of its tables; `named`: only this source is tried.

    `catalogue`: tells which kinds of license the rows name, where headers alone leave several sources.

    Raises: NoSuchSourceError, UnknownSourceError, SheetHiddenError, MissingColumnsError, DuplicateColumnsError,
    AmbiguousSourceError.
    """
    if named is not None and named not in sources:
        raise NoSuchSourceError(", ".join(sources))
    candidates = [sources[named]] if named is not None else list(sources.values())
    fits = [
        fit for head in heads if not head.is_hidden for source in candidates for fit in _fits(head, source)
    ]
    try:
        best = _best(fits, sources, catalogue)
    except UnknownSourceError:
        if hidden := [head.sheet for head in heads if head.is_hidden and _holds_table(head, candidates)]:
            raise SheetHiddenError(", ".join(hidden)) from None
        raise
    chosen = {best.header.head.sheet: best}
    for head in heads:
        if head.sheet not in chosen:
            more = [fit for fit in _fits(head, best.source) if not fit.missing and not fit.twice]
            chosen |= {head.sheet: max(more, key=_score)} if more else {}
    ordered = [chosen[sheet] for sheet in dict.fromkeys(head.sheet for head in heads) if sheet in chosen]
    return RecognisedFile(
        source=best.source,
        headers=tuple(fit.header for fit in ordered),
        fields={fit.header.head.sheet: fit.fields for fit in ordered},
    )


def _holds_table(head: FirstRows, candidates: Iterable[Source]) -> bool:
    return any(
        not fit.missing or len(fit.fields) >= MIN_TELLING_COLUMNS
        for source in candidates
        for fit in _fits(head, source)
    )


def _score(fit: _Fit) -> int:
    return fit.score


def _best(fits: Sequence[_Fit], sources: Mapping[str, Source], catalogue: LicenseCatalogue) -> _Fit:
    complete = [fit for fit in fits if not fit.missing]
    if not complete:
        nearest = max(fits, key=_score, default=None)
        if nearest is None or len(nearest.fields) < MIN_TELLING_COLUMNS:
            raise UnknownSourceError(", ".join(sources))
        raise MissingColumnsError(nearest.source.id, (field.headers[0] for field in nearest.missing))
    best = max(complete, key=_score)
    if best.twice:
        raise DuplicateColumnsError(", ".join(best.twice))
    rivals = {
        fit.source.id: fit for fit in reversed(complete) if fit.score == best.score
    }  # the first row of each
    owners = _owners(best, sources, catalogue) & set(rivals) if len(rivals) > 1 else set(rivals)
    if len(owners) != 1:
        raise AmbiguousSourceError(", ".join(sorted(rivals)))
    return rivals[owners.pop()]


def _owners(fit: _Fit, sources: Mapping[str, Source], catalogue: LicenseCatalogue) -> set[str]:
    """Where headers alone do not tell: the sources that may report the kinds of license in the first rows."""
    column = fit.fields.get("type")
    if column is None:
        return set()
    place = fit.header.columns.index(column)
    below = [row.cells for row in fit.header.head.rows if row.line > fit.header.last_line]
    kinds = [catalogue.by_name(cells[place]) for cells in below if len(cells) > place]
    codes = {kind.code for kind in kinds if kind is not None}
    return {source.id for source in sources.values() if codes and all(map(source.may_report, codes))}


def _fits(head: FirstRows, source: Source) -> Iterable[_Fit]:
    above: tuple[HeadRow | None, ...] = (None, *head.rows)
    for parent, row in zip(above, head.rows, strict=False):
        yield _fit(head, row, parent.cells if parent is not None else (), source)


def _spread(cells: Sequence[str]) -> list[str]:
    """A merged cell's text stands in its first column only: carry it to the right."""
    out: list[str] = []
    for cell in cells:
        out.append(cell.strip() or (out[-1] if out else ""))
    return out


def _fit(head: FirstRows, row: HeadRow, above: Sequence[str], source: Source) -> _Fit:
    width = max(
        (place for cells in (row.cells, above) for place, cell in enumerate(cells, 1) if cell.strip()),
        default=0,
    )
    cells = [cell.strip() for cell in row.cells[:width]]
    parents = _spread(above)
    columns = _column_names(cells, parents)
    found: dict[str, tuple[int, str]] = {}
    twice: dict[str, None] = {}
    for cell, parent, column in zip(cells, chain(parents, repeat("")), columns, strict=False):
        known = _field(cell, parent, source)
        if known is None:
            continue
        field, rank = known
        before = found.get(field.name)
        if before is not None and before[0] == rank:
            twice[column] = None
        if before is None or rank < before[0]:
            found[field.name] = (rank, column)
    fields = {name: column for name, (_, column) in found.items()}
    return _Fit(
        source=source,
        header=Header(head, row.line, tuple(columns), frozenset(fields.values())),
        fields=fields,
        score=sum(OTHER_HEADER_SCORE if rank else OWN_HEADER_SCORE for rank, _ in found.values()),
        missing=tuple(field for field in source.required_columns if field.name not in fields),
        twice=tuple(twice),
    )


def _field(cell: str, parent: str, source: Source) -> tuple[SourceField, int] | None:
    """By both lines of the header, by its own line, or by the upper one alone over a cell merged downwards."""
    keys = [header_key(parent + cell)] if parent and cell else []
    keys.append(header_key(cell or parent))
    return next((source.by_header[key] for key in keys if key in source.by_header), None)


def _column_names(cells: Sequence[str], parents: Sequence[str]) -> list[str]:
    """What the columns are called in reports: unique, never empty."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        parent = parents[place] if place < len(parents) else ""
        name = cell or parent or f"列{place + 1}"
        if name in names:
            name = f"{parent}/{name}" if parent else f"{name}#{place + 1}"
        names.append(name if name not in names else f"{name}#{place + 1}")
    return names
