"""The whole corpus: every kind of signed text, every way to spoil it, every forgery; nothing is believed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import chain
from random import Random

import pytest

from keys import Purpose
from signing import TOKEN_KINDS, Sentence, SigningError, TokenKind
from signing.bundle import read_bundle
from signing.sdjwt import verify_credential
from tests.support.alterations import ALTERATIONS, peers_of
from tests.support.credentials import AUDIENCE, NONCE
from tests.support.doors import Door, doors_of
from tests.support.forged_bundles import REFUSED
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forged_credentials import BINDINGS, FORGERIES
from tests.support.forged_tokens import TOKEN_FORGERIES
from tests.support.forger import NOW, ORIGIN, Workshop

PROMISED_CLASSES, PROMISED_INPUTS = 50, 20_000
SEED = 42


class Tally:
    """What readers did with what they were shown."""

    def __init__(self) -> None:
        self.shown: Counter[str] = Counter()
        self.reasons: Counter[StrEnum] = Counter()
        self.sentences: dict[StrEnum, Sentence] = {}
        self.believed: list[tuple[str, object]] = []

    def show(self, name: str, door: Door, text: object) -> None:
        """A SigningError leaf with its reason is a refusal; anything else flies out."""
        self.shown[name] += 1
        try:
            believed = door.believe(text)
        except SigningError as refusal:
            self.reasons[refusal.reason] += 1
            self.sentences[refusal.reason] = refusal.message
        else:
            if not door.is_told(believed):
                self.believed.append((name, text))


@pytest.fixture(scope="module", params=["international", "national"])
def shop(request: pytest.FixtureRequest, workshop: Workshop, national: Workshop) -> Workshop:
    return workshop if request.param == "international" else national


def altered(doors: Mapping[str, Door]) -> Iterator[tuple[str, Door, object]]:
    texts = {kind: door.text for kind, door in doors.items()}
    for kind, door in doors.items():
        genuine = door.same | {door.text}
        for name, alteration in ALTERATIONS.items():
            for text in alteration(door.text, peers_of(kind, texts), Random(f"{SEED} {kind} {name}")):
                if not (isinstance(text, str) and text in genuine):
                    yield f"{kind}: {name}", door, text


def forged(shop: Workshop) -> Iterator[tuple[str, Door, object]]:
    """Made by somebody who has some of our keys, or all, and writes what nobody may write."""
    keys, root = shop.ring.verification_keys(), shop.signer(Purpose.BUNDLE).info.jwk()
    credential = Door("", lambda text: verify_credential(text, keys=keys, now=NOW, issuer=ORIGIN))
    presented = Door(
        "",
        lambda text: verify_credential(
            text, keys=keys, now=NOW, issuer=ORIGIN, audience=AUDIENCE, nonce=NONCE
        ),
    )
    for name, forgery in FORGERIES.items():
        yield f"forged credential: {name}", credential, forgery.make(shop)
    for name, forgery in BINDINGS.items():
        yield f"forged presentation: {name}", presented, forgery.make(shop)
    for name, (make, _reason) in REFUSED.items():
        document = make(shop)
        bundle = Door("", lambda _text, read=document: read_bundle(read, root, at_least=1000, now=NOW))  # type: ignore[misc]  # bound at once
        yield f"forged bundle: {name}", bundle, document


def test_every_genuine_text_is_believed_at_its_own_door(shop: Workshop) -> None:
    doors = doors_of(shop)

    assert all(door.believe(door.text) for door in doors.values())
    assert len(doors) >= 2 + len(TOKEN_KINDS) + 6
    assert {f"token {kind.value}" for kind in TokenKind} <= set(doors)


def test_every_genuine_text_is_refused_at_every_other_door(shop: Workshop) -> None:
    """A receipt, a list and a bundle are also the bare tokens that they are; otherwise every pair is a refusal."""
    doors = doors_of(shop)
    tally = Tally()
    for kind, door in doors.items():
        for other, offered in doors.items():
            if offered.text not in door.same | {door.text}:
                tally.show(f"{other} at {kind}", door, offered.text)

    assert tally.believed == []
    assert len(tally.shown) >= 190


def test_nothing_altered_or_forged_is_believed(
    shop: Workshop, record_property: Callable[[str, object], None]
) -> None:
    tally = Tally()

    for name, door, text in chain(altered(doors_of(shop)), forged(shop)):
        tally.show(name, door, text)

    classes = {name.partition(": ")[2] or name for name in tally.shown}
    told = f"{len(classes)} classes, {tally.shown.total()} inputs, {len(tally.reasons)} reasons, 0 believed"
    record_property("corpus", told)
    print(told)
    assert tally.believed == []
    assert len(classes) >= PROMISED_CLASSES
    assert tally.shown.total() >= PROMISED_INPUTS
    assert all(tally.shown.values())
    assert all(said.zh and said.en for said in tally.sentences.values())


def test_classes_made_for_codes_and_tokens_come_on_top() -> None:
    assert len(CODE_FORGERIES) >= PROMISED_CLASSES
    assert len(TOKEN_FORGERIES) >= 20


def test_the_corpus_notices_a_reader_that_believes(workshop: Workshop) -> None:
    tally = Tally()
    naive = {kind: Door(door.text, lambda _text: True) for kind, door in doors_of(workshop).items()}
    for name, door, text in altered(naive):
        tally.show(name, door, text)

    assert len(tally.believed) == tally.shown.total()
