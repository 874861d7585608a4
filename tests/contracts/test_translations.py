"""Both languages are complete: every English message has its Chinese, and what is compiled is what is written."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}


def catalogues() -> list[Path]:
    return sorted(ROOT.glob("hub/**/translations/zh/LC_MESSAGES/messages.po"))


def messages_in_use() -> dict[object, str]:
    found: dict[object, str] = {}
    rows = extract_from_dir(str(ROOT / "hub"), METHODS, keywords=KEYWORDS)
    for name, line, message, _comments, _context in rows:
        found[message if isinstance(message, str) else tuple(message)] = f"{name}:{line}"
    return found


def translated() -> dict[object, str]:
    known: dict[object, str] = {}
    for path in catalogues():
        with path.open("rb") as file:
            known |= {
                message.id if isinstance(message.id, str) else tuple(message.id): str(message.string)
                for message in read_po(file)
                if message.id and message.string and not message.fuzzy
            }
    return known


def test_every_message_has_a_chinese_sentence() -> None:
    known = translated()
    missing = {message: place for message, place in messages_in_use().items() if message not in known}
    assert len(messages_in_use()) > 100
    assert missing == {}


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_compiled_catalogue_says_what_is_written(path: Path) -> None:
    """Messages are compared, not bytes: the header names the version of Babel that compiled them."""
    with path.open("rb") as file:
        written = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    assert said_by(path.with_suffix(".mo").read_bytes()) == said_by(compiled.read())


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_catalogue_is_marked_unsure(path: Path) -> None:
    """`pybabel compile` passes over a catalogue whose header is marked fuzzy, and says so in one line only."""
    with path.open("rb") as file:
        assert not read_po(file).fuzzy


def said_by(compiled: bytes) -> dict[object, str]:
    """Every message with its sentence; the header, whose message is empty, left out."""
    catalogue: dict[object, str] = GNUTranslations(BytesIO(compiled))._catalog  # type: ignore[attr-defined]  # no public way to list
    return {message: sentence for message, sentence in catalogue.items() if message}


def test_placeholders_are_the_same_in_both_languages() -> None:
    differing = []
    for path in catalogues():
        with path.open("rb") as file:
            differing += [message.id for message in read_po(file) if message.id and list(message.check())]
    assert differing == []


def test_a_message_is_said_in_one_way_only() -> None:
    """The catalogues are read as one: of two Chinese sentences for a message, the later folder's would be said."""
    said: dict[object, set[str]] = {}
    for path in catalogues():
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    said.setdefault(str(message.id), set()).add(str(message.string))
    assert {message: ways for message, ways in said.items() if len(ways) > 1} == {}
