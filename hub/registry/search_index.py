"""Writing the search index; the dictionary of readings takes 55 MB, so it is read when a name is first written."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import cast

from sqlalchemy import Table, delete, insert, select, text
from sqlalchemy.orm import Session

from hub.kernel.bulk import batches
from hub.registry.models import SearchTerms
from hub.registry.search import BACKWARDS, HAN, LATIN

PINYIN_RUN = 6  # syllables in one run: more than people type, and half the index of whole suffixes

_TERMS = cast("Table", SearchTerms.__table__)


def terms_for(name: str, uscc: str) -> str:
    """Return the tokens of one enterprise, sorted, separated by one space."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    tokens = set(LATIN.findall(folded))
    for run in HAN.findall(folded):
        tokens.update(_han_tokens(run))
    code = uscc.casefold()
    # An index finds beginnings alone; the reversed code makes a beginning of the tail that people read out.
    tokens.update((code, BACKWARDS + code[::-1]))
    return " ".join(sorted(tokens))


def index_terms(session: Session, rows: Sequence[tuple[str, str]], *, replaced: Iterable[str] = ()) -> None:
    """Store (uscc, name) pairs in the search index; `replaced` names those that are already in it."""
    if not rows:
        return
    sqlite = session.get_bind().dialect.name == "sqlite"
    old = list(replaced)
    if old:
        session.execute(delete(_TERMS).where(_TERMS.c.uscc.in_(old)))
    if old and sqlite:
        session.execute(
            text("DELETE FROM registry_search WHERE rowid = :rowid"),
            [{"rowid": _rowid(uscc)} for uscc in old],
        )
    values = [{"uscc": uscc, "terms": terms_for(name, uscc)} for uscc, name in rows]
    session.execute(insert(_TERMS), values)
    if sqlite:
        session.execute(
            text("INSERT INTO registry_search (rowid, terms, uscc) VALUES (:rowid, :terms, :uscc)"),
            [value | {"rowid": _rowid(value["uscc"])} for value in values],
        )


def _han_tokens(run: str) -> Iterable[str]:
    yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
    syllables = [_syllable(character) for character in run]
    initials = "".join(syllable[0] for syllable in syllables)
    for i in range(len(syllables)):
        yield "".join(syllables[i : i + PINYIN_RUN])
        yield initials[i:]
    yield run[-1]


@cache
def _syllable(character: str) -> str:
    """Commonest reading without tone, "x" for a character that has none (about 20 000 at most are kept)."""
    from pypinyin import Style, pinyin  # noqa: PLC0415  # 55 MB and a second that only those who store names need

    reading = pinyin(character, style=Style.NORMAL, errors=lambda _: "x")[0][0]
    folded = "".join(LATIN.findall(unicodedata.normalize("NFKD", reading).casefold()))
    return folded or "x"


def _rowid(uscc: str) -> int:
    """A 63-bit number of the credit code, so that its row is found for replacement without reading the table."""
    return int.from_bytes(hashlib.sha256(uscc.encode()).digest()[:8]) >> 1


def refill(session: Session) -> None:
    """Fill the database's own search table from the stored terms, where it has one (SQLite)."""
    if session.get_bind().dialect.name != "sqlite":
        return
    session.execute(text("DELETE FROM registry_search"))
    rows = session.execute(select(_TERMS.c.uscc, _TERMS.c.terms).order_by(_TERMS.c.uscc))
    for batch in batches(rows):
        session.execute(
            text("INSERT INTO registry_search (rowid, terms, uscc) VALUES (:rowid, :terms, :uscc)"),
            [{"rowid": _rowid(uscc), "terms": terms, "uscc": uscc} for uscc, terms in batch],
        )
