"""The numbers by which enterprises, licenses and people are named: normalised and checked.

Each kind has `normalise_*`, a frozen value that cannot be made wrong, `parse_*` raising `IdentifierError`,
and `*_problems` naming all that is wrong by reason code; `MESSAGES` says each reason in Chinese and English.
"""

from hub.kernel.identifiers.checks import hybrid_check
from hub.kernel.identifiers.citizen import (
    CitizenId,
    citizen_id_problems,
    masked_citizen_id,
    normalise_citizen_id,
    parse_citizen_id,
)
from hub.kernel.identifiers.food import (
    FoodNumber,
    FoodNumberKind,
    food_number_problems,
    normalise_food_number,
    parse_food_number,
)
from hub.kernel.identifiers.license_id import (
    LicenseId,
    license_id_problems,
    make_license_id,
    normalise_license_id,
    parse_license_id,
)
from hub.kernel.identifiers.organisation import (
    OrganisationCode,
    normalise_organisation_code,
    organisation_code_problems,
    parse_organisation_code,
)
from hub.kernel.identifiers.problems import IdentifierError, Problem
from hub.kernel.identifiers.regions import REGIONS, Region, find_region, region_name, region_warnings
from hub.kernel.identifiers.registration import (
    RegistrationNumber,
    normalise_registration_number,
    parse_registration_number,
    registration_number_problems,
)
from hub.kernel.identifiers.sentences import MESSAGES
from hub.kernel.identifiers.uscc import Uscc, normalise_uscc, parse_uscc, uscc_problems
from hub.kernel.identifiers.uscc_categories import CATEGORIES, UsccCategory

__all__ = [
    "CATEGORIES",
    "MESSAGES",
    "REGIONS",
    "CitizenId",
    "FoodNumber",
    "FoodNumberKind",
    "IdentifierError",
    "LicenseId",
    "OrganisationCode",
    "Problem",
    "Region",
    "RegistrationNumber",
    "Uscc",
    "UsccCategory",
    "citizen_id_problems",
    "find_region",
    "food_number_problems",
    "hybrid_check",
    "license_id_problems",
    "make_license_id",
    "masked_citizen_id",
    "normalise_citizen_id",
    "normalise_food_number",
    "normalise_license_id",
    "normalise_organisation_code",
    "normalise_registration_number",
    "normalise_uscc",
    "organisation_code_problems",
    "parse_citizen_id",
    "parse_food_number",
    "parse_license_id",
    "parse_organisation_code",
    "parse_registration_number",
    "parse_uscc",
    "region_name",
    "region_warnings",
    "registration_number_problems",
    "uscc_problems",
]
