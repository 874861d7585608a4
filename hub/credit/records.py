"""An administrative penalty as its department published it, checked and ready to be stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hub.credit.rules import PenaltyLevel
from hub.registry.records import Reported


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRecord(Reported):
    """`level` by NDRC order 36; `fine_yuan` None: the decision names no fine."""

    uscc: str
    decision_no: str
    act: str
    kind: str
    level: PenaltyLevel
    decided_on: date
    authority: str
    fine_yuan: Decimal | None = None
