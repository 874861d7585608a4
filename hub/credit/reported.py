"""What departments report of credit: administrative penalties as they published them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hub.credit.models import Penalty
from hub.credit.rules import PenaltyLevel
from hub.kernel.bulk import table_of
from hub.kernel.messages import Message
from hub.registry.reading.cells import CellForm
from hub.registry.reading.errors import RowRefusedError
from hub.registry.reading.kinds import FieldText, RowKind, day, one_of, uscc, yuan
from hub.registry.records import DepartmentRecord
from hub.registry.versioned import Row, Versioned


class LevelUnknownError(RowRefusedError):
    reason = "LEVEL"
    zh = "失信程度应为轻微、一般或严重。"
    en = "The level of dishonesty is 轻微, 一般 or 严重."


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRecord(DepartmentRecord):
    """`level` by NDRC order 36; `fine_yuan` None: the decision names no fine."""

    uscc: str
    decision_no: str
    act: str
    kind: str
    level: PenaltyLevel
    decided_on: date
    authority: str
    fine_yuan: Decimal | None = None


def _is_older(record: PenaltyRecord, stored: Row) -> bool:
    """A decision dated earlier than the stored one of the same number; otherwise the last word counts."""
    return bool(record.decided_on < stored["decided_on"])


_LEVELS = {
    word: level
    for level in PenaltyLevel
    for word in (level.value, f"{level.value}失信", f"{level.value}失信行为")
}

PENALTIES = RowKind(
    name="penalties",
    record=PenaltyRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60, uscc),
        FieldText("decision_no", CellForm.NUMBER, 100),
        FieldText("act", CellForm.KEPT, 300),
        FieldText("penalty_kind", CellForm.KEPT, 100, member="kind"),
        FieldText("authority", CellForm.KEPT, 100),
        FieldText("fine_yuan", CellForm.FOLDED, 30, yuan),
        FieldText("level", CellForm.FOLDED, 20, one_of(_LEVELS, LevelUnknownError)),
        FieldText("decided_on", CellForm.DAY, 40, day),
    ),
    refusals=(LevelUnknownError,),
    stored=Versioned(
        act="penalty",
        name=Message("处罚信息", "Penalty"),
        table=table_of(Penalty),
        key=("uscc", "decision_no"),
        compared=("decided_on",),
        is_older=_is_older,
    ),
)
KINDS = (PENALTIES,)
