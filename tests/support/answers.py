"""What each kind of answer of the hub holds, and for whom; tests hold it against the matrix and against planted values."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.access.matrix import Audience, Category


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
NOT_STORED = frozenset(  # no answer holds any of these yet: whoever adds one plants a canary in it
    {
        Category.FILINGS,
        Category.ARCHIVES,
        Category.ANNUAL_REPORTS,  # whether one is filed is kept and decides a colour; of what it says nothing is
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
