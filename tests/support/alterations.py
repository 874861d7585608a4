"""Ways to spoil any signed text, whatever its kind: named classes, each a function of the text and its peers."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

MOST = 160  # places tried in one text: enough to meet every part of the longest, a bundle

Alteration = Callable[[str, Sequence[str], Random], Iterator[object]]
ALTERATIONS: dict[str, Alteration] = {}


def alteration(function: Alteration) -> Alteration:
    ALTERATIONS[function.__name__] = function
    return function


def places(text: str, chance: Random) -> list[int]:
    return sorted(chance.sample(range(len(text)), min(len(text), MOST)))


@alteration
def a_bit_flipped(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text, chance):
        yield text[:at] + chr(ord(text[at]) ^ 1 << chance.randrange(7)) + text[at + 1 :]


@alteration
def a_character_replaced(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text, chance):
        wrong = chance.choice([each for each in set(text) if each != text[at]])
        yield text[:at] + wrong + text[at + 1 :]


@alteration
def a_character_left_out(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (text[:at] + text[at + 1 :] for at in places(text, chance))


@alteration
def a_character_doubled(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (text[:at] + text[at] + text[at:] for at in places(text, chance))


@alteration
def neighbours_exchanged(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text[:-1], chance):
        if text[at] != text[at + 1]:
            yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


@alteration
def cut_short(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (text[:at] for at in places(text, chance))


@alteration
def beginning_cut_off(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (text[at:] for at in places(text, chance) if at)


@alteration
def a_stretch_cut_out(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text, chance):
        yield text[:at] + text[at + chance.randint(2, 40) :]


@alteration
def two_places_exchanged(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text, chance):
        other = chance.randrange(len(text))
        if text[at] != text[other]:
            low, high = sorted((at, other))
            yield text[:low] + text[high] + text[low + 1 : high] + text[low] + text[high + 1 :]


@alteration
def something_put_in(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    for at in places(text, chance):
        yield (
            text[:at] + chance.choice(" \t\r\n\0.~=+/%&#?\\'\"<{}键é\u202e\u200b\ufeff\U0001f600") + text[at:]
        )


@alteration
def cases_changed(text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (text.upper(), text.lower(), text.swapcase(), text.title())
    for at in places(text, chance)[:60]:
        if text[at].swapcase() != text[at]:
            yield text[:at] + text[at].swapcase() + text[at + 1 :]


@alteration
def wrapped(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    before = (" ", "\n", '"', "Bearer ", "\ufeff", "<", "https://evil.example/c/", "data:,", ".", "~")
    after = (" ", "\n\n", '"', "\0", ">", "#", "?x=1", ".", "~", "~~", "=")
    yield from (each + text for each in before)
    yield from (text + each for each in after)


@alteration
def repeated(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    yield from (
        text + text,
        f"{text}.{text}",
        f"{text}~{text}",
        f"{text}\n{text}",
        f"{text},{text}",
        text[::-1],
    )


@alteration
def parts_moved(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    for mark in (".", "~", "\n", "/"):
        parts = text.split(mark)
        for at in range(min(len(parts), 12)):
            yield mark.join(parts[at + 1 :] + parts[: at + 1])
            yield mark.join(parts[:at] + parts[at + 1 :])
            yield mark.join([*parts[:at], parts[at], *parts[at:]])
            yield mark.join([*parts[:at], "", *parts[at + 1 :]])


@alteration
def parts_of_another_kind(text: str, peers: Sequence[str], _chance: Random) -> Iterator[object]:
    mine = text.split(".")
    for peer in peers:
        theirs = peer.split(".")
        for at in range(min(len(mine), len(theirs), 4)):
            yield ".".join([*mine[:at], theirs[at], *mine[at + 1 :]])


@alteration
def another_kind(_text: str, peers: Sequence[str], _chance: Random) -> Iterator[object]:
    for peer in peers:
        yield from (peer, peer + "~", peer.partition("~")[0], peer.partition("/c/")[2])


@alteration
def written_otherwise(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    raw = text.encode()
    yield from (b64encode(raw).decode(), urlsafe_b64encode(raw).rstrip(b"=").decode(), raw.hex())
    yield from (json.dumps(text), json.dumps({"token": text}), json.dumps([text]))
    yield "".join(f"%{byte:02X}" for byte in raw)
    yield "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@alteration
def no_text(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    yield from (None, 0, 1.5, True, text.encode(), [text], {"token": text}, (text,), object())


@alteration
def next_to_nothing(_text: str, _peers: Sequence[str], chance: Random) -> Iterator[object]:
    yield from (
        "",
        " ",
        ".",
        "..",
        "...",
        "....",
        "~",
        "~~",
        "null",
        "{}",
        "[]",
        "0",
        "e30.e30.",
        "e30.e30.e30",
        "\n\n",
        "\0",
        "\ud800",
    )
    yield from ("".join(chance.choices("ABCabc019-_.~", k=chance.randrange(300))) for _ in range(60))


@alteration
def far_too_long(text: str, _peers: Sequence[str], _chance: Random) -> Iterator[object]:
    yield from (text + "A" * 9_000_000, "." * 9_000_000, "~" * 9_000_000, "A" * 9_000_000, text * 2_000)


def peers_of(kind: str, texts: Mapping[str, str]) -> list[str]:
    return [text for other, text in texts.items() if other != kind]
