"""The same texts shown to the Python verifier and to the JavaScript one, in Node or in a browser."""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from keys import Algorithm, KeySet
from signing import SigningError, Verifier, normalise_plate_id
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forged_tokens import TOKEN_FORGERIES
from tests.support.forger import LOCAL, NOW, ORIGIN, Workshop, bare
from tests.support.tokens import AUDIENCE, ISSUER, KIND, genuine

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "signing/javascript/index.js"
JUDGE = Path(__file__).with_name("javascript") / "judge.js"
IN_NODE = Path(__file__).with_name("javascript") / "in_node.js"
VECTORS = ROOT / "tests/vectors/codes"
NODE_SECONDS = 120
OURS = "ours"
PICKY = "picky"  # accepts EdDSA only
GENUINE = "OK"


@dataclass(frozen=True)
class Case:
    """One text with what is asked of it. `reason` is what Python says, `OK` for a text that it believes."""

    name: str
    ask: str
    text: object
    now: datetime
    reason: str
    by: str = OURS
    rest: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        text = self.text if isinstance(self.text, str | int | list | dict | None) else {"not": "text"}
        return {"ask": self.ask, "by": self.by, "text": text, "now": self.now.isoformat(), **dict(self.rest)}


@dataclass(frozen=True)
class Work:
    """Verifiers by name (key set and origins), and what to show them."""

    verifiers: Mapping[str, Mapping[str, object]]
    cases: Sequence[Case]

    def written(self) -> str:
        """In ASCII, so that a lone surrogate comes through whatever carries it."""
        return json.dumps({"verifiers": self.verifiers, "cases": [case.as_json() for case in self.cases]})

    def disagreements(self, outcomes: Sequence[str]) -> list[tuple[str, str, str, str]]:
        return [
            (case.name, repr(case.text)[:120], case.reason, outcome)
            for case, outcome in zip(self.cases, outcomes, strict=True)
            if case.reason != outcome
        ]


def in_node(work: Work) -> list[str]:
    """What the JavaScript verifier says in Node."""
    ran = subprocess.run(
        ["node", str(IN_NODE), str(LIBRARY), str(JUDGE)],
        input=work.written(),
        capture_output=True,
        check=False,
        text=True,
        timeout=NODE_SECONDS,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    outcomes: list[str] = json.loads(ran.stdout)
    return outcomes


def vectors() -> Work:
    """Every published vector of codes."""
    jwks = json.loads((VECTORS / "jwks.json").read_text(encoding="utf-8"))
    verifiers: dict[str, Mapping[str, object]] = {}
    cases = []
    for path in sorted(VECTORS.glob("*.json")):
        if path.stem == "jwks":
            continue
        vector = json.loads(path.read_text(encoding="utf-8"))
        verifiers[path.stem] = {"jwks": jwks, "origins": vector["origins"]}
        reason = GENUINE if vector["genuine"] else vector["reason"]
        moment = datetime.fromisoformat(vector["now"])
        cases.append(Case(path.stem, "code", vector["text"], moment, reason, by=path.stem))
    return Work(verifiers, cases)


def corpus(shop: Workshop, *, every: int = 1) -> Work:
    """Every forged code, token and typed number (or each `every`-th), and genuine ones between them."""
    jwks = shop.ring.jwks()
    verifier = Verifier(KeySet.from_jwks(jwks), origins=(ORIGIN, LOCAL))

    def judged(
        name: str, ask: str, believe: Callable[[object], object], texts: Iterable[object]
    ) -> list[Case]:
        rest = (("kind", KIND.value), ("issuer", ISSUER), ("audience", AUDIENCE)) if ask == "token" else ()
        return [Case(name, ask, text, NOW, _said(believe, text), rest=rest) for text in texts]

    def code(text: object) -> object:
        return verifier.verify_code(text, now=NOW)

    def token(text: object) -> object:
        return verifier.verify_token(text, kind=KIND, now=NOW, issuer=ISSUER, audience=AUDIENCE)

    cases = judged("genuine", "code", code, (shop.plate, shop.dynamic, bare(shop.plate), shop.other_plate))
    cases += judged(
        "genuine", "token", token, (genuine(shop), genuine(shop, jti="é一\U0001f600", n=[1, 2.5, {}]))
    )
    cases += judged("typed", "typed", lambda text: normalise_plate_id(str(text)), _typed())
    for ask, believe, forgeries in (("code", code, CODE_FORGERIES), ("token", token, TOKEN_FORGERIES)):
        for name, forgery in forgeries.items():
            texts = [text for text, _ in forgery(replace(shop, chance=Random(7)))][::every]
            cases += judged(name, ask, believe, texts)
    verifiers = {OURS: {"jwks": jwks, "origins": [ORIGIN, LOCAL]}}
    verifiers[PICKY] = {**verifiers[OURS], "algorithms": [Algorithm.EDDSA]}
    return Work(verifiers, [*cases, *_policy(shop)])


def _policy(shop: Workshop) -> Iterable[Case]:
    """What a verifier says that requires another algorithm."""
    verifier = Verifier(
        shop.ring.verification_keys(), origins=(ORIGIN, LOCAL), algorithms=frozenset({Algorithm.EDDSA})
    )
    reason = _said(lambda text: verifier.verify_code(text, now=NOW), shop.plate)
    yield Case("policy", "code", shop.plate, NOW, reason, by=PICKY)
    token = genuine(shop)
    reason = _said(
        lambda text: verifier.verify_token(text, kind=KIND, now=NOW, issuer=ISSUER, audience=AUDIENCE), token
    )
    rest = (("kind", KIND.value), ("issuer", ISSUER), ("audience", AUDIENCE))
    yield Case("policy", "token", token, NOW, reason, by=PICKY, rest=rest)


def _typed() -> Iterable[str]:
    good = "7K2M9QXT4K"
    yield from (good, good.lower(), f" {good[:5]}-{good[5:]} ", "７K2M9QXT4K", "7k2m9qxt4k", "o0il000000")
    yield from (
        "",
        good[:-1],
        good + "0",
        good + " " * 60,
        "7K2M9QXT4U",
        "7K2M9QXT4J",
        "7K2M9QXT4\U0001f600",
        "ǰ7K2M9QXT4",
    )
    yield from (f"7K2M9QXT4{last}" for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZILOU")


def _said(believe: Callable[[object], object], text: object) -> str:
    try:
        believe(text)
    except SigningError as refusal:
        return str(refusal.reason)
    return GENUINE
