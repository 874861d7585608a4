"""Business scopes of the demonstration city, in the national format and in the free text of older licenses."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.licenses.catalogue.rules import LicenseCatalogue
from hub.registry.scope.items import ReformMode, ScopeItem
from hub.registry.scope.loader import load_catalogue
from hub.registry.scope.rules import national_text

OLD_TAIL = "(依法须经批准的项目,经相关部门批准后方可开展经营活动)"
OLD_SEPARATORS = ("、", ";", ",")  # as met on licenses from before the national catalogue


@dataclass(frozen=True, slots=True)
class Needs:
    """The hub's own scope catalogue as the generator asks it: items by name, and the kinds of license they need."""

    items: Mapping[str, ScopeItem]
    permits: Mapping[str, tuple[str, ...]]  # item → codes of kinds of license

    def of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the kinds of license that the items need together, each once, in order."""
        return tuple(dict.fromkeys(code for name in names for code in self.permits[name]))

    def national(self, names: Sequence[str]) -> str:
        """Return the scope as registries print it since 2019. Raises: KeyError for an item outside the catalogue."""
        return national_text(self.items[name] for name in names)


def shipped_needs(licenses: LicenseCatalogue) -> Needs:
    """Return which licenses the shipped scope items need.

    Raises: KeyError when a scope item names a permit that the license catalogue does not know.
    """
    codes = {name: kind.code for kind in licenses.types for name in (kind.name, *kind.aliases)}
    items = {item.name: item for item in load_catalogue().items}
    return Needs(
        items=items,
        permits={
            name: tuple(
                codes[need.permit] for need in item.permits if need.reform_mode is not ReformMode.ABOLISHED
            )
            for name, item in items.items()
        },
    )


def old_text(dice: random.Random, names: Sequence[str]) -> str:
    """Return the items in any order behind one another, as licenses before 2019 had them."""
    return f"{dice.choice(OLD_SEPARATORS).join(dice.sample(names, len(names)))}。{OLD_TAIL}"
