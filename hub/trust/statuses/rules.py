"""What an entry's published value follows from: four causes, of which the worst is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from signing.status import Status


class SubjectKind(StrEnum):
    """What has an entry."""

    PLATE = "plate"
    CREDENTIAL = "credential"


class Cause(StrEnum):
    """Why an entry is what it is. `OWN`: an act on the plate or credential itself; the others come from above."""

    OWN = "own"
    LICENSE = "license"
    CONTENT = "content"  # the license was written anew after the credential was issued
    ENTERPRISE = "enterprise"


# A revoked plate or license never comes back: what is granted again is issued again, with an index of its own.
# An enterprise whose state was wrong in the registry does come back, and with it what it holds.
FINAL: Mapping[Cause, Status] = MappingProxyType(
    {Cause.OWN: Status.REVOKED, Cause.LICENSE: Status.REVOKED, Cause.CONTENT: Status.CHANGED}
)

_BY_WEIGHT = (Status.REVOKED, Status.SUSPENDED, Status.CHANGED, Status.VALID)


@dataclass(frozen=True, slots=True)
class Causes:
    """What each cause says of one entry."""

    own: Status = Status.VALID
    license: Status = Status.VALID
    content: Status = Status.VALID
    enterprise: Status = Status.VALID

    @property
    def value(self) -> Status:
        """What is published: the worst of them."""
        told = {self.own, self.license, self.content, self.enterprise}
        return next(status for status in _BY_WEIGHT if status in told)

    def told(self, cause: Cause) -> Status:
        by_cause = {
            Cause.OWN: self.own,
            Cause.LICENSE: self.license,
            Cause.CONTENT: self.content,
            Cause.ENTERPRISE: self.enterprise,
        }
        return by_cause[cause]

    def after(self, cause: Cause, status: Status) -> "Causes":
        """Return the causes once `cause` says `status`; what is final stays."""
        if self.told(cause) is FINAL.get(cause):
            return self
        match cause:
            case Cause.OWN:
                return replace(self, own=status)
            case Cause.LICENSE:
                return replace(self, license=status)
            case Cause.CONTENT:
                return replace(self, content=status)
            case Cause.ENTERPRISE:
                return replace(self, enterprise=status)


@dataclass(frozen=True, slots=True)
class StatusPosition:
    """Where the status of something is read: the path of its list on this hub, and the index."""

    number: int
    idx: int

    @property
    def uri(self) -> str:
        return path_of(self.number)


def path_of(number: int) -> str:
    """Return the path of a list on the hub that publishes it."""
    return f"/status/{number}"
