"""Storing the parsed business scope: derived from the license text, replaced whenever the text changes."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.kernel import counts
from hub.kernel.bulk import batches, insert_rows, table_of
from hub.registry.models import ScopeLine
from hub.registry.scope.items import ScopeCatalogue
from hub.registry.scope.review import UNMATCHED, unmatched_changes
from hub.registry.scope.rules import parse_scope

SCOPES_KEPT = 4_096  # a district has a few thousand different texts; each is a few hundred bytes

_LINE = table_of(ScopeLine)


def replace_scope(
    session: Session, scopes: Iterable[tuple[str, str]], items: ScopeCatalogue, *, replaced: Iterable[str]
) -> None:
    """Store the lines of (USCC, scope text) pairs, read by `items`; `replaced` names those whose old lines go.

    Raises: ScopeTooLongError.
    """
    for batch in batches(replaced):
        here = _LINE.c.uscc.in_(batch)
        gone = session.scalars(select(_LINE.c.text).where(here, _LINE.c.match == UNMATCHED)).all()
        _count(session, gone, sign=-1)
        session.execute(delete(_LINE).where(here))
    rows = [{"uscc": uscc, **line} for uscc, text in scopes for line in scope_lines(text, items)]
    insert_rows(session, _LINE, rows)
    _count(session, (row["text"] for row in rows if row["match"] == UNMATCHED), sign=1)


def _count(session: Session, lines: Iterable[str], *, sign: int) -> None:
    for kind, changes in unmatched_changes(lines, sign=sign).items():
        counts.add(session, kind, changes)


@lru_cache(maxsize=SCOPES_KEPT)
def scope_lines(text: str, items: ScopeCatalogue) -> tuple[dict[str, Any], ...]:
    parsed = parse_scope(text, items)
    return tuple(
        {
            "position": position,
            "text": line.text,
            "start": line.start,
            "end": line.end,
            "section": line.section.value,
            "item_code": line.item_code,
            "match": line.match.value,
            "confidence": line.confidence,
            "branch_only": line.branch_only,
        }
        for position, line in enumerate(parsed.lines)
    )
