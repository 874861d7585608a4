"""Business scopes of the demonstration city, in the national format and in the free text of older licenses."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GENERAL_TAIL = "(除依法须经批准的项目外,凭营业执照依法自主开展经营活动)"
LICENSED_TAIL = "(依法须经批准的项目,经相关部门批准后方可开展经营活动,具体经营项目以审批结果为准)"
OLD_TAIL = "(依法须经批准的项目,经相关部门批准后方可开展经营活动)"
OLD_SEPARATORS = ("、", ";", ",")  # as met on licenses from before the national catalogue
_FULL_WIDTH = str.maketrans(
    ":;(),",
    "\N{FULLWIDTH COLON}\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH LEFT PARENTHESIS}\N{FULLWIDTH RIGHT PARENTHESIS}\N{FULLWIDTH COMMA}",
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What the hub's scope catalogue says of the city's items: which stand under 许可项目, and what permits they need."""

    licensed: frozenset[str]
    permits: Mapping[str, tuple[str, ...]]  # item → codes of kinds of license

    def of(self, items: Sequence[str]) -> tuple[str, ...]:
        """The kinds of license that the items need together, each once, in order."""
        return tuple(dict.fromkeys(code for item in items for code in self.permits[item]))


def national_text(items: Sequence[str], needs: Needs) -> str:
    """`一般项目:A;B(…)。许可项目:C;D(…)。` with full-width punctuation, as the registries print it."""
    general = ";".join(item for item in items if item not in needs.licensed)
    licensed = ";".join(item for item in items if item in needs.licensed)
    parts = (("一般项目", general, GENERAL_TAIL), ("许可项目", licensed, LICENSED_TAIL))
    text = "".join(f"{head}:{body}{tail}。" for head, body, tail in parts if body)
    return text.translate(_FULL_WIDTH)


def old_text(dice: random.Random, items: Sequence[str]) -> str:
    """The items in any order behind one another, as licenses before 2019 had them."""
    return f"{dice.choice(OLD_SEPARATORS).join(dice.sample(items, len(items)))}。{OLD_TAIL}"
