"""Who acted, as the pages of this end say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from hub.access.queries import names_of
from hub.kernel.actor import Role
from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.steward.act_names import DOER_NAMES


@dataclass(frozen=True, slots=True)
class DoerName:
    """How who stands on record for an act is called: a name, or what the record holds instead, and in what capacity."""

    name: str
    capacity: Message | None  # None: the record names none that we know
    is_known: bool  # whether `name` is that of a person


def doer_of(by: str, people: Mapping[str, str]) -> DoerName:
    """Return the doer that stands on record as `by`; `people`: names by such pseudonyms (`people_of`)."""
    role, _, rest = by.partition(":")
    capacity = DOER_NAMES.get(role)
    name = people.get(by) or (by if capacity is None else rest)
    return DoerName(name, capacity, is_known=by in people)


def people_of(pseudonyms: Iterable[str | None], *, db: Database) -> Mapping[str, str]:
    """Return the names of those persons who stand on record under these pseudonyms and are known. One statement."""
    found: dict[str, UUID] = {}
    for by in filter(None, pseudonyms):
        role, _, person = by.partition(":")
        if role in set(Role):
            found[by] = UUID(person)
    names = names_of(set(found.values()), db=db) if found else {}
    return {by: names[person] for by, person in found.items() if person in names}
