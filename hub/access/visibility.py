"""The visibility matrix at work: what an answer contains for its audience is asked here, category by category.

The matrix itself is `hub.access.rules.level_of`. Whatever gathers data for a page, a document or an API answer takes each
category through `disclosed`, or asks `shows`; a category that the audience may not see is not read at all.
`ANSWERS` names what each kind of answer contains, and a test holds it against the matrix and against planted values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, assert_never

from hub.access.rules import Audience, Category, Level, level_of
from hub.kernel.actor import ENTERPRISE_ROLES, Role

T = TypeVar("T")


def audience_of(role: Role) -> Audience:
    """Who a logged-in reader is in the matrix; auditors read acts, and stand with the government."""
    if role in ENTERPRISE_ROLES:
        return Audience.ENTERPRISE
    return Audience.ENFORCEMENT if role is Role.OFFICER else Audience.GOVERNMENT


def shows(category: Category, audience: Audience) -> bool:
    """Whether the audience sees anything of this category."""
    return level_of(category, audience) is not Level.NONE


def disclosed(
    category: Category,
    audience: Audience,
    *,
    full: Callable[[], T],
    summary: Callable[[], T],
    nothing: T,
) -> T:
    """What this audience is given of a category: all of it, its masked or limited form (◐), or nothing, which reads nothing."""
    level = level_of(category, audience)
    match level:
        case Level.FULL:
            return full()
        case Level.SUMMARY:
            return summary()
        case Level.NONE:
            return nothing
    assert_never(level)


@dataclass(frozen=True, slots=True)
class Answer:
    """A kind of answer: for whom, and which categories it holds something of."""

    audience: Audience
    categories: frozenset[Category]


_FACE = frozenset({Category.BUSINESS_LICENSE, Category.LICENSE_COLOUR, Category.LISTS})
_PERMITS = frozenset({Category.PERMITS, Category.PERMIT_COLOUR})
_DOSSIER = _FACE | _PERMITS | {
    Category.TIERS,
    Category.PREMISES,
    Category.PENALTIES,
    Category.COMPLAINTS,
}  # fmt: skip
ANSWERS: Mapping[str, Answer] = {
    "public page": Answer(Audience.PUBLIC, _FACE | _PERMITS | {Category.PREMISES, Category.PENALTIES}),
    "verdict": Answer(Audience.PUBLIC, _FACE | _PERMITS | {Category.PREMISES}),
    "public bundle": Answer(Audience.PUBLIC, frozenset()),
    "enterprise's space": Answer(
        Audience.ENTERPRISE,
        _FACE
        | _PERMITS
        | {Category.TIERS, Category.CHANGES, Category.PREMISES, Category.PENALTIES, Category.USE_LOG},
    ),
    "signed copy": Answer(Audience.ENTERPRISE, _FACE | _PERMITS | {Category.PREMISES}),
    "officer's dossier": Answer(Audience.ENFORCEMENT, _DOSSIER),
    "district bundle": Answer(Audience.ENFORCEMENT, _FACE | _PERMITS | {Category.PREMISES}),
    "official's dossier": Answer(Audience.GOVERNMENT, _DOSSIER | {Category.USE_LOG}),
    "report": Answer(Audience.GOVERNMENT, frozenset({Category.COMPLAINTS, Category.PREMISES})),
}
NOT_STORED = frozenset(  # no table of this hub holds any of these yet: whoever adds one plants a canary in it
    {
        Category.FILINGS,
        Category.ARCHIVES,
        Category.ANNUAL_REPORTS,
        Category.INSPECTIONS,
        Category.COMMITMENTS,
        Category.CREDIT_REPAIR,
        Category.CREDIT_GRADE,
        Category.RISK_CLASS,
        Category.HONOURS,
        Category.CORRECTIONS,
        Category.ATTACHED,
    }
)
