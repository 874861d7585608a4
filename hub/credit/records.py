"""An administrative penalty as its department published it, checked and ready to be stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hub.credit.rules import PenaltyLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRecord:
    """`level` by NDRC order 36; `fine_yuan` None: the decision names no fine."""

    uscc: str
    decision_no: str
    act: str
    kind: str
    level: PenaltyLevel
    decided_on: date
    authority: str
    fine_yuan: Decimal | None = None

    def content(self) -> dict[str, Any]:
        return {
            "uscc": self.uscc,
            "decision_no": self.decision_no,
            "act": self.act,
            "kind": self.kind,
            "level": self.level.value,
            "decided_on": self.decided_on.isoformat(),
            "authority": self.authority,
            "fine_yuan": None if self.fine_yuan is None else f"{self.fine_yuan:.2f}",
        }
