"""Finding enterprises by name, pinyin, initials or part of the credit code; the same words on both databases.

A name becomes a set of ASCII or Han tokens: pairs of neighbouring Han characters, runs of pinyin and of initials
from every position, Latin words, and the credit code forwards and backwards (people read out its tail).
SQLite keeps them in an FTS5 table, PostgreSQL in a GIN index over the array of tokens; neither parses language,
so a word matches alike whatever locale or tokenizer the server was built with.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import cast

from pypinyin import Style, pinyin
from sqlalchemy import Table, delete, insert, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from hub.kernel.identifiers import normalise_uscc
from hub.registry.models import SearchTerms

MAX_QUERY_CHARS = 60  # a longer text is not a search; names have at most 30 or so
MAX_QUERY_WORDS = 12
PINYIN_RUN = 6  # syllables in one run: more than people type, and half the index of whole suffixes
USCC_CHARS = 18
BACKWARDS = "zz"  # before a reversed credit code: no syllable begins with it

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")
_LATIN = re.compile(r"[a-z0-9]+")
_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+|[a-z0-9]+")

_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|[0-9]+")

_CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS registry_search "
    "USING fts5(terms, uscc UNINDEXED, detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')"
)
_CREATE_POSTGRESQL = (
    "CREATE INDEX IF NOT EXISTS ix_registry_search_terms_gin ON registry_search_terms "
    "USING gin (array_to_tsvector(string_to_array(terms, ' ')))"
)
_FIND_SQLITE = text(
    "SELECT uscc FROM registry_search WHERE registry_search MATCH :query ORDER BY rowid LIMIT :limit"
)
_FIND_POSTGRESQL = text(
    "SELECT uscc FROM registry_search_terms "
    "WHERE array_to_tsvector(string_to_array(terms, ' ')) @@ CAST(:query AS tsquery) LIMIT :limit"
)
_TERMS = cast("Table", SearchTerms.__table__)


def create_index(connection: Connection) -> None:
    """Make what the database itself needs for searching; does nothing when it is there."""
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(_CREATE_SQLITE if sqlite else _CREATE_POSTGRESQL)


def drop_index(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(
        "DROP TABLE IF EXISTS registry_search"
        if sqlite
        else "DROP INDEX IF EXISTS ix_registry_search_terms_gin"
    )


def terms_for(name: str, uscc: str) -> str:
    """The tokens of one enterprise, sorted, separated by one space."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    tokens = set(_LATIN.findall(folded))
    for run in _HAN.findall(folded):
        tokens.update(_han_tokens(run))
    code = uscc.casefold()
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


def search(session: Session, query: str, *, limit: int) -> list[str]:
    """USCCs of enterprises that hold every word of `query`, at most `limit`; none for a text without a word."""
    words = _query_words(query)
    if not words:
        return []
    if session.get_bind().dialect.name == "sqlite":
        statement, expression = _FIND_SQLITE, " AND ".join(_fts_word(word) for word in words)
    else:
        statement, expression = _FIND_POSTGRESQL, " & ".join(_tsquery_word(word) for word in words)
    return list(session.execute(statement, {"query": expression, "limit": limit}).scalars())


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
    reading = pinyin(character, style=Style.NORMAL, errors=lambda _: "x")[0][0]
    folded = "".join(_LATIN.findall(unicodedata.normalize("NFKD", reading).casefold()))
    return folded or "x"


Word = tuple[tuple[str, ...], ...]  # alternatives; each a conjunction of prefixes of tokens


def _query_words(query: str) -> list[Word]:
    """The words of a query, all of which must be met; every token holds only Han characters or [a-z0-9]."""
    folded = unicodedata.normalize("NFKC", query[:MAX_QUERY_CHARS]).casefold()
    code = normalise_uscc(folded).casefold()
    if len(code) == USCC_CHARS and _LATIN.fullmatch(code):
        return [((code,),)]
    out: list[Word] = []
    for run in _RUNS.findall(folded):
        if _LATIN.match(run):
            out.append(_latin_word(run))
        else:
            out += [((run[i : i + 2],),) for i in range(max(1, len(run) - 1))]
    return out[:MAX_QUERY_WORDS]


def _latin_word(run: str) -> Word:
    """Pinyin, initials, a Latin word, a number, the tail of a credit code, or letters and digits run together."""
    parts = tuple(_LETTERS_OR_DIGITS.findall(run))
    whole = ((run,), (BACKWARDS + run[::-1],))
    return whole if len(parts) == 1 else (*whole, parts)


def _fts_word(word: Word) -> str:
    return "(" + " OR ".join("(" + " AND ".join(f'"{token}"*' for token in one) + ")" for one in word) + ")"


def _tsquery_word(word: Word) -> str:
    return "(" + " | ".join("(" + " & ".join(f"'{token}':*" for token in one) + ")" for one in word) + ")"


def _rowid(uscc: str) -> int:
    """A 63-bit number of the credit code, so that its row is found for replacement without reading the table."""
    return int.from_bytes(hashlib.sha256(uscc.encode()).digest()[:8]) >> 1
