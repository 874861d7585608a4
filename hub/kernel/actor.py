"""Who acts: made by `hub.access` from a session, by the command line, or by the system itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    OFFICER = "officer"
    OFFICIAL = "official"
    AUDITOR = "auditor"


ACCOUNT = "account:"  # begins the mark of an operating-system account; a passkey's is hexadecimal
MAX_MARK_CHARS = 64  # as a SHA-256 in hex, whose column it shares
ENTERPRISE_ROLES = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT})


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one role. `uscc` is set for enterprise roles, `department` for the others.

    `passkey`: the SHA-256 (hex) of the credential's id with which the person logged in; None for a login link; at the
    hub's own command line, where nobody logs in, the account of the operating system (`Operator.mark`).
    `proved_at`: when a passkey was last used within this session (aware UTC); None when none was.
    """

    person_id: UUID
    name: str
    role: Role
    uscc: str | None = None
    department: str | None = None
    passkey: str | None = None
    proved_at: datetime | None = None

    @property
    def is_enterprise(self) -> bool:
        return self.role in ENTERPRISE_ROLES


@dataclass(frozen=True, slots=True)
class Operator:
    """The person at the hub's own command line; recorded by the name of the operating-system account."""

    name: str

    @property
    def mark(self) -> str:
        """What stands in the place of a passkey: two people at the command line need two accounts."""
        return f"{ACCOUNT}{self.name}"[:MAX_MARK_CHARS]


Doer = Actor | Operator
