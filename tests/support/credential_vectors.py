"""Writes tests/vectors/credentials anew: `python -m tests.support.credential_vectors FOLDER`.

One file for each case of `forged_credentials`, and genuine ones beside them, all of one key set that is then thrown
away. The files in the repository were made so once and are not made again by any test.
"""

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from signing.sdjwt import present
from tests.support.credentials import AUDIENCE, NONCE, genuine, presented
from tests.support.forged_credentials import BINDINGS, FORGERIES
from tests.support.forger import NOW, ORIGIN, Workshop
from tests.support.wallets import ed25519_wallet

PARTY = {"audience": AUDIENCE, "nonce": NONCE}


def write(folder: Path) -> int:
    """Write every case; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        shop = Workshop.open(Path(scratch))
        cases = list(_cases(shop))
        keys = shop.ring.jwks()["keys"]
    published = [key for key in keys if key["purpose"] == "credential"]  # type: ignore[attr-defined]  # a list of JWKs
    _write(folder / "jwks.json", {"keys": published})
    for name, case in cases:
        file = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("...", "ellipsis")).strip("-")
        _write(folder / f"{file}.json", {"name": name, "issuer": ORIGIN, "now": NOW.isoformat(), **case})
    return len(cases)


def _cases(shop: Workshop) -> list[tuple[str, Mapping[str, object]]]:
    text, edwards = genuine(shop), ed25519_wallet()
    bound = genuine(shop, holder=edwards)
    good = {
        "genuine, all disclosed": (text, {}, ["address", "holder_name", "number", "valid_to"]),
        "genuine, one disclosed": (present(text, ["number"]), {}, ["number"]),
        "genuine, nothing disclosed": (present(text, []), {}, []),
        "genuine, bound to nobody": (
            genuine(shop, holder=None),
            {},
            ["address", "holder_name", "number", "valid_to"],
        ),
        "genuine, presented": (presented(shop, "number", "address"), PARTY, ["address", "number"]),
        "genuine, presented with Ed25519": (
            present(bound, ["number"], **PARTY, signer=edwards, now=NOW),
            PARTY,
            ["number"],
        ),
    }
    found: list[tuple[str, Mapping[str, object]]] = [
        (name, {"text": made, **party, "genuine": True, "disclosed": names})
        for name, (made, party, names) in good.items()
    ]
    for prefix, table, party in (("", FORGERIES, {}), ("presented ", BINDINGS, PARTY)):
        for name, forgery in table.items():
            made = forgery.make(shop)
            if isinstance(made, str):
                told = {"text": made, **party, "genuine": False, "reason": str(forgery.reason)}
                found.append((prefix + name, told))
    return found


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
