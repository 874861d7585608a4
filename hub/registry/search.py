"""Finding enterprises by name, pinyin, initials or part of the credit code; the same words on both databases.

A name becomes a set of ASCII or Han tokens: pairs of neighbouring Han characters, runs of pinyin and of initials
from every position, Latin words, and the credit code forwards and backwards (people read out its tail).
SQLite keeps them in an FTS5 table, PostgreSQL in a GIN index over the array of tokens; neither parses language,
so a word matches alike whatever locale or tokenizer the server was built with.
"""

import re
import unicodedata

from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.kernel.identifiers import normalise_uscc
from hub.kernel.visible_characters import without_unseen

MAX_QUERY_CHARS = 60  # a longer text is not a search; names have at most 30 or so
MAX_QUERY_WORDS = 12
USCC_CHARS = 18
PAIR = 2  # Han characters in the longest token of them
BACKWARDS = "zz"  # before a reversed credit code: no syllable begins with it

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+")
LATIN = re.compile(r"[a-z0-9]+")
_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+|[a-z0-9]+")

_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|[0-9]+")

_FIND_SQLITE = text(
    "SELECT uscc FROM registry_search WHERE registry_search MATCH :query ORDER BY rowid LIMIT :limit"
)
_FIND_POSTGRESQL = text(
    "SELECT uscc FROM registry_search_terms "
    "WHERE array_to_tsvector(string_to_array(terms, ' ')) @@ CAST(:query AS tsquery) LIMIT :limit"
)


def search(session: Session, query: str, *, limit: int) -> list[str]:
    """Return the USCCs of enterprises that hold every word of `query`, at most `limit`; none for a text without a word."""
    words = _query_words(query)
    if not words:
        return []
    if session.get_bind().dialect.name == "sqlite":
        statement, expression = _FIND_SQLITE, " AND ".join(_fts_word(word) for word in words)
    else:
        statement, expression = _FIND_POSTGRESQL, " & ".join(_tsquery_word(word) for word in words)
    return list(session.execute(statement, {"query": expression, "limit": limit}).scalars())


Word = tuple[tuple[str, ...], ...]  # alternatives; each a conjunction of prefixes of tokens


def _query_words(query: str) -> list[Word]:
    """The words of a query, all of which must be met; every token holds only Han characters or [a-z0-9]."""
    folded = unicodedata.normalize("NFKC", without_unseen(query)[:MAX_QUERY_CHARS]).casefold()
    # A whole code is looked up as one token: cut into letters and digits it would match many.
    code = normalise_uscc(folded).casefold()
    if len(code) == USCC_CHARS and LATIN.fullmatch(code):
        return [((code,),)]
    out: list[Word] = []
    for run in _RUNS.findall(folded):
        if LATIN.match(run):
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
    return _joined(word, " OR ", " AND ", '"{}"', '"{}"*')


def _tsquery_word(word: Word) -> str:
    return _joined(word, " | ", " & ", "'{}'", "'{}':*")


def _joined(word: Word, either: str, both: str, whole: str, beginning: str) -> str:
    """One word in the language of an index. A pair of Han characters is a token and begins no longer one.

    Asked for whole, a common pair is read as far as the limit; asked for as a beginning, all its rows would be gathered.
    """

    def one(token: str) -> str:
        is_pair = len(token) == PAIR and HAN.fullmatch(token) is not None
        return (whole if is_pair else beginning).format(token)

    return "(" + either.join("(" + both.join(map(one, tokens)) + ")" for tokens in word) + ")"
