"""Forgeries: named classes of mutated codes and tokens, each input with the reasons that may be given for it.

A class is a function of the workshop (genuine material, the keys of a forger, a seeded generator) and yields
`(input, reasons)`. The classes themselves are in `forged_codes` and `forged_tokens`.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path

from keys import KeyRing, KeySet, Purpose, PurposeSigner, ScryptCost
from keys.policy import profile_algorithms
from signing import (
    Reason,
    SigningError,
    TokenKind,
    Verifier,
    new_nonce,
    new_plate_id,
    sign_dynamic,
    sign_plate,
)
from signing.uscc import check_character

ORIGIN = "https://yizhao.example.cn"
LOCAL = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MADE_AT = NOW - timedelta(days=30)
CHEAP = ScryptCost(n=2)

Forged = tuple[object, frozenset[Reason]]
ForgeryClass = Callable[["Workshop"], Iterator[Forged]]


@dataclass(frozen=True)
class Workshop:
    """Genuine codes of two enterprises, our ring, and a ring of the forger's own."""

    ring: KeyRing
    foreign: KeyRing
    plate: str
    other_plate: str
    dynamic: str
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    kind: TokenKind = TokenKind.RECEIPT  # what forged tokens pretend to be

    @classmethod
    def open(cls, folder: Path, *, profile: str = "international") -> "Workshop":
        algorithms = profile_algorithms(profile)
        ring = KeyRing.create(folder / "ours", "ours", now=MADE_AT, cost=CHEAP, algorithms=algorithms)
        plate, dynamic = ring.signer(Purpose.CODE_PLATE), ring.signer(Purpose.CODE_DYNAMIC)
        expires = NOW + timedelta(seconds=60)
        return cls(
            ring=ring,
            foreign=KeyRing.create(
                folder / "theirs", "theirs", now=MADE_AT, cost=CHEAP, algorithms=algorithms
            ),
            plate=sign_plate(uscc=uscc("TEXT1"), plate_id=new_plate_id(), origin=ORIGIN, signer=plate),
            other_plate=sign_plate(uscc=uscc("TEXT2"), plate_id=new_plate_id(), origin=ORIGIN, signer=plate),
            dynamic=sign_dynamic(
                uscc=uscc("TEXT1"), nonce=new_nonce(), expires_at=expires, origin=ORIGIN, signer=dynamic
            ),
        )

    def verifier(self, keys: KeySet | None = None) -> Verifier:
        return Verifier(keys or self.ring.verification_keys(), origins=(ORIGIN, LOCAL))

    def signer(self, purpose: Purpose) -> PurposeSigner:
        return self.ring.signer(purpose)


@dataclass
class Outcome:
    """What a verifier did with the inputs of one class."""

    tried: int = 0
    accepted: list[object] = field(default_factory=list)
    wrong: list[tuple[object, StrEnum, frozenset[Reason]]] = field(default_factory=list)


def attempt(
    forgery: ForgeryClass,
    workshop: Workshop,
    believe: Callable[[object], object],
    *,
    seed: int,
    every: int = 1,
) -> Outcome:
    """Show the inputs of a class, or `every` n-th, to a verifier. What is no SigningError leaf flies out as a failure."""
    outcome = Outcome()
    for forged, reasons in islice(forgery(replace(workshop, chance=random.Random(seed))), 0, None, every):
        outcome.tried += 1
        try:
            believe(forged)
        except SigningError as refusal:
            if refusal.reason not in reasons:
                outcome.wrong.append((forged, refusal.reason, reasons))
        else:
            outcome.accepted.append(forged)
    return outcome


def registry() -> tuple[dict[str, ForgeryClass], Callable[[ForgeryClass], ForgeryClass]]:
    """A table of classes by name, and the decorator that fills it."""
    classes: dict[str, ForgeryClass] = {}

    def forgery(function: ForgeryClass) -> ForgeryClass:
        classes[function.__name__] = function
        return function

    return classes, forgery


def because(*reasons: Reason) -> frozenset[Reason]:
    return frozenset(reasons)


def uscc(serial: str) -> str:
    """A credit code of the demonstration region with a right check character; `serial` is five characters."""
    body = f"91330802MA2{serial}6"
    return body + check_character(body)


def bare(text: str) -> str:
    """`PAYLOAD.SIG` of a genuine text."""
    return text.partition("/c/")[2]


def payload_of(text: str) -> str:
    return bare(text).rpartition(".")[0]


def signature_of(text: str) -> str:
    return bare(text).rpartition(".")[2]
