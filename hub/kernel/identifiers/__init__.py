"""The codes by which enterprises and licenses are named: normalised and checked.

Each kind is a frozen value that cannot be made wrong, with `parse_*` raising `IdentifierError`, whose `problems` name all
that is wrong by reason code; `MESSAGES` says each reason in Chinese and English.
"""

from hub.kernel.identifiers.checks import hybrid_check
from hub.kernel.identifiers.license_id import (
    LicenseId,
    parse_license_id,
)
from hub.kernel.identifiers.problems import IdentifierError, IdentifierProblem
from hub.kernel.identifiers.regions import REGIONS, Region, find_region, region_name, region_warnings
from hub.kernel.identifiers.sentences import MESSAGES
from hub.kernel.identifiers.uscc import Uscc, normalise_uscc, parse_uscc, uscc_problems
from hub.kernel.identifiers.uscc_categories import CATEGORIES, UsccCategory

__all__ = [
    "CATEGORIES",
    "MESSAGES",
    "REGIONS",
    "IdentifierError",
    "IdentifierProblem",
    "LicenseId",
    "Region",
    "Uscc",
    "UsccCategory",
    "find_region",
    "hybrid_check",
    "normalise_uscc",
    "parse_license_id",
    "parse_uscc",
    "region_name",
    "region_warnings",
    "uscc_problems",
]
