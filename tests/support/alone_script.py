"""Runs where only the verifier is installed; prints what it was told as JSON. Any use of a socket is an error."""

import importlib.util
import json
import socket
from datetime import datetime
from pathlib import Path
from typing import NoReturn


def refuse(*_arguments: object, **_names: object) -> NoReturn:
    raise AssertionError("the network was used")


socket.socket.__init__ = refuse  # type: ignore[method-assign]  # as above
socket.getaddrinfo = refuse  # type: ignore[assignment]
socket.create_connection = refuse  # type: ignore[assignment]

import signing  # noqa: E402  # after the network was taken away
from signing import Verifier, load_bundle  # noqa: E402
from signing.offline import OfflineVerifier  # noqa: E402

asked = json.loads(Path("asked.json").read_text(encoding="utf-8"))
now = datetime.fromisoformat(asked["now"])
bundle = load_bundle("bundle.json", root=asked["root"])
verifier = OfflineVerifier(bundle)
told = {
    "verdicts": [verifier.verify(text, now=now).as_json() for text in asked["texts"]],
    "example": Verifier(bundle).verify_code(asked["texts"][0], now=now).state,
    "foreign": [name for name in ("hub", "flask", "sqlalchemy", "PIL") if importlib.util.find_spec(name)],
    "home": str(Path(signing.__file__).parent),
    "javascript": sorted(path.name for path in Path(signing.__file__).with_name("javascript").iterdir()),
}
print(json.dumps(told))
