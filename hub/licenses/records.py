"""What a department says of one license, checked and ready to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hub.licenses.rules import LicenseState
from hub.registry.records import OURS, DepartmentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseRecord(DepartmentRecord):
    """One license as delivered. `number` is normalised; `source_version` is the department's own, 1 without one."""

    uscc: str
    type_code: str
    number: str
    holder_name: str
    issuer: str
    state: LicenseState
    valid_from: date | None
    valid_to: date | None = None
    issued_on: date | None = None
    address: str = ""
    source_version: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)
    quality: tuple[str, ...] = field(default=(), metadata=OURS)
