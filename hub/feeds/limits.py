"""How long the values of each kind of row may be."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.feeds.sources import RowKind

# Kept in the characters of the registry: what is shown. Everything else is folded: what is compared.
ORIGINALS: Final = frozenset(
    {
        "name",
        "holder_name",
        "person",
        "type_text",
        "authority",
        "issuer",
        "address",
        "area",
        "scope_text",
        "act",
        "penalty_kind",
        "capital",
        "state",
    }
)
ENDS: Final = frozenset({"term_to", "valid_to"})
DAYS: Final = frozenset({"established_on", "approved_on", "valid_from", "issued_on", "decided_on"}) | ENDS
NUMBERS: Final = frozenset({"uscc", "number", "decision_no", "phone", "region", "industry", "holder_kind"})

# What the tables hold, and for the scope twenty times an ordinary one.
MAX_CHARS: Final[Mapping[RowKind, Mapping[str, int]]] = MappingProxyType(
    {
        RowKind.ENTERPRISES: {
            "uscc": 60,
            "name": 200,
            "type_text": 100,
            "person": 100,
            "capital": 40,
            "established_on": 40,
            "term_to": 40,
            "authority": 100,
            "state": 40,
            "address": 300,
            "region": 30,
            "industry": 10,
            "scope_text": 20_000,
            "approved_on": 40,
        },
        RowKind.LICENSES: {
            "uscc": 60,
            "type": 100,
            "number": 100,
            "holder_name": 200,
            "issuer": 100,
            "address": 300,
            "issued_on": 40,
            "valid_from": 40,
            "valid_to": 40,
            "state": 40,
            "version": 20,
            "holder_kind": 20,
        },
        RowKind.PREMISES: {
            "uscc": 60,
            "name": 200,
            "address": 300,
            "region": 30,
            "area": 60,
            "latitude": 30,
            "longitude": 30,
            "phone": 30,
        },
        RowKind.PENALTIES: {
            "uscc": 60,
            "decision_no": 100,
            "act": 300,
            "penalty_kind": 100,
            "fine_yuan": 30,
            "level": 20,
            "decided_on": 40,
            "authority": 100,
        },
    }
)
