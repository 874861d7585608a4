"""The license kinds that ship with the hub: unverified defaults that a government's own rows replace."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import (
    LicenseCatalogue,
    LicenseNature,
    LicenseType,
    NumberCheck,
    RenewalRule,
    WindowUnit,
)

TABLE = "data/types-2026-11.csv"


@cache
def shipped_catalogue() -> LicenseCatalogue:
    """Raises: ValueError when the shipped table is damaged."""
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return LicenseCatalogue(tuple(_type(line) for line in csv.DictReader(text.splitlines())))


def _type(line: dict[str, str]) -> LicenseType:
    return LicenseType(
        code=line["code"],
        name=line["name"],
        name_en=line["name_en"],
        aliases=tuple(filter(None, line["aliases"].split("|"))),
        department=Message(line["department"], line["department_en"]),
        nature=LicenseNature(line["nature"]),
        validity_months=int(line["validity_months"]) if line["validity_months"] else None,
        renewal=_renewal(line),
        number_pattern=line["number_pattern"] or None,
        number_check=NumberCheck(line["number_check"]),
        site_bound=line["site_bound"] == "true",
        authority_uscc=line["authority_uscc"],
        authority_seq=line["authority_seq"],
        basis=line["basis"],
        verified=line["verified"] == "true",
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
    )


def _renewal(line: dict[str, str]) -> RenewalRule | None:
    if not line["unit"]:
        return None
    return RenewalRule(
        opens=int(line["opens"]),
        closes=int(line["closes"]),
        unit=WindowUnit(line["unit"]),
        opens_is_advice=line["opens_is_advice"] == "true",
    )
