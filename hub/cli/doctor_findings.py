"""What `hub doctor` says: findings, each with a level, a name, a sentence in both languages and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class FindingLevel(StrEnum):
    OK = "ok"
    NOTE = "note"
    FIX = "fix"


SIGNS = {FindingLevel.OK: "✔", FindingLevel.NOTE: "·", FindingLevel.FIX: "✘"}


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One line of the report: what was looked at, how it stands, what to do next; `zh` "" where both are alike."""

    level: FindingLevel
    what: str
    text: str
    zh: str = ""

    def line(self) -> str:
        return f"{SIGNS[self.level]} {self.what:24} {self.text}  {self.zh}".rstrip()
