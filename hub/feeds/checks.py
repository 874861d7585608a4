"""From the texts of one row to a record, or the first reason against it; pure, one function per kind of source.

The order is the same everywhere: too long, missing, the credit code, then field by field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Final

from hub.credit.records import PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.feeds.cells import read_cell
from hub.feeds.limits import MAX_CHARS
from hub.feeds.sources import RowKind, Source
from hub.kernel.identifiers import CATEGORIES, REGIONS, region_warnings
from hub.licenses.catalogue.rules import (
    LicenseCatalogue,
    LicenseType,
    NumberCheck,
    normalise_number,
    number_problem,
)
from hub.licenses.records import LicenseRecord
from hub.licenses.rules import LicenseState, parse_license_state
from hub.registry.reading.amounts import read_amount, read_capital
from hub.registry.reading.days import check_period, read_day, read_end, read_optional_day
from hub.registry.reading.texts import RowRefusedError, folded
from hub.registry.reading.values import (
    holds_markup,
    read_name,
    read_phone,
    read_position,
    read_text,
    read_uscc,
    read_version,
)
from hub.registry.records import EnterpriseRecord, PremisesRecord
from hub.registry.rules import EntityState, entity_type, parse_state

Record = EnterpriseRecord | LicenseRecord | PremisesRecord | PenaltyRecord
Texts = Mapping[str, str]

REGION_DIGITS: Final = 6
USCC_HOLDERS: Final = frozenset({"", "001", "01", "1"})  # GB/T 36903: 001 is the unified social credit code
NO_KIND: Final = "LICENSE_TYPE"


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a source's own field names; `extra` are the columns that the source has besides."""

    texts: Texts
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check knows besides the row: the source, the catalogue of licenses, today's legal date and its zone.

    `exceptions`: credit codes that are taken though they fail their check.
    """

    source: Source
    catalogue: LicenseCatalogue
    today: date
    zone: tzinfo
    exceptions: frozenset[str] = frozenset()


def check(row: Row, desk: CheckContext) -> Record:
    """The record of one row. Raises: RowRefusedError."""
    limits = MAX_CHARS[desk.source.kind]
    texts = {name: read_cell(name, text) for name, text in row.texts.items()}
    for name, text in texts.items():
        if len(text) > limits[name]:
            raise RowRefusedError("TOO_LONG", name, text)
    for name in desk.source.required_values:
        if not texts.get(name):
            raise RowRefusedError("MISSING", name, row.texts.get(name, ""))
    return _CHECKS[desk.source.kind](texts, row.extra, desk)


def _check_enterprise(texts: Texts, _extra: Mapping[str, str], desk: CheckContext) -> EnterpriseRecord:
    uscc, org_holds = read_uscc(texts["uscc"], "uscc", desk.exceptions)
    name = read_name(texts["name"], "name")
    type_text, person, authority, industry, address, scope_text = (
        read_text(texts.get(field, ""), field)
        for field in ("type_text", "person", "authority", "industry", "address", "scope_text")
    )
    established_on, term_to = _period(texts, "established_on", "term_to", desk)
    approved_on = read_optional_day(texts.get("approved_on", ""), "approved_on", desk.zone)
    state = _entity_state(texts["state"])
    capital, capital_doubt = read_capital(texts.get("capital", ""), "capital")
    region, region_doubts = _region(texts.get("region", ""), uscc, desk.today)
    doubts = _flags(
        STATE_UNCONFIRMED=state is EntityState.UNCONFIRMED,
        FACE_INCOMPLETE=not (type_text and person and authority and scope_text),
        IN_FUTURE=established_on > desk.today,
        AMOUNT_TEXT=capital_doubt,
        MARKUP_IN_NAME=holds_markup(name),
    )
    return EnterpriseRecord(
        uscc=uscc,
        name=name,
        entity_type=entity_type(uscc, type_text),
        type_text=type_text,
        person=person,
        capital=capital,
        established_on=established_on,
        term_to=term_to,
        authority=authority,
        approved_on=approved_on,
        state=state,
        state_text=read_text(texts["state"], "state"),
        address=address,
        region=region,
        industry=industry,
        scope_text=scope_text,
        quality=(*_code_doubts(uscc, desk, org_holds=org_holds), *doubts, *region_doubts),
    )


def _period(texts: Texts, first: str, last: str, desk: CheckContext) -> tuple[date, date | None]:
    start = read_day(texts[first], first, desk.zone)
    end = read_end(texts.get(last, ""), last, desk.zone)
    check_period(start, end, field=last, value=texts.get(last, ""))
    return start, end


def _flags(**doubts: bool) -> tuple[str, ...]:
    return tuple(code for code, holds in doubts.items() if holds)


def _code_doubts(uscc: str, desk: CheckContext, *, org_holds: bool) -> tuple[str, ...]:
    if uscc in desk.exceptions:
        return ("USCC_EXCEPTION",)  # whichever check fails
    return _flags(USCC_ORG_CHECK=not org_holds, USCC_KIND=uscc[:2] not in CATEGORIES)


def _entity_state(text: str) -> EntityState:
    state = parse_state(text)
    if state is None:
        raise RowRefusedError("STATUS", "state", text)
    return state


def _license_state(text: str, source: Source) -> LicenseState:
    plain = folded(text)
    state = parse_license_state(source.states.get(plain, plain))
    if state is None:
        raise RowRefusedError("STATUS", "state", text)
    return state


def _region(text: str, uscc: str, today: date) -> tuple[str, tuple[str, ...]]:
    """A GB/T 2260 code from a code or a name, else the registry's own from the credit code; and doubts about it."""
    by_name = next((region.code for region in REGIONS if region.name.zh == text), None)
    if by_name is None and text and not _is_region(text):
        return uscc[2:8], ("REGION_UNKNOWN",)
    code = by_name or text or uscc[2:8]
    return code, tuple(problem.reason for problem in region_warnings(code, on=today))


def _is_region(text: str) -> bool:
    return len(text) == REGION_DIGITS and text.isascii() and text.isdigit()


def _check_license(texts: Texts, extra: Mapping[str, str], desk: CheckContext) -> LicenseRecord:
    uscc, org_holds = read_uscc(texts["uscc"], "uscc", desk.exceptions)
    if texts.get("holder_kind", "") not in USCC_HOLDERS:
        raise RowRefusedError("HOLDER_KIND", "holder_kind", texts["holder_kind"])
    kind = _license_type(texts, desk)
    number, number_doubt = _number(kind, texts["number"])
    holder_name = read_name(texts["holder_name"], "holder_name")
    issuer, address = (read_text(texts.get(field, ""), field) for field in ("issuer", "address"))
    valid_from, valid_to = _period(texts, "valid_from", "valid_to", desk)
    issued_on = read_optional_day(texts.get("issued_on", ""), "issued_on", desk.zone)
    state = _license_state(texts["state"], desk.source)
    doubts = _flags(
        IN_FUTURE=issued_on is not None and issued_on > desk.today,
        NO_END_UNUSUAL=valid_to is None and kind.validity_months is not None,
        MARKUP_IN_NAME=holds_markup(holder_name),
    )
    return LicenseRecord(
        uscc=uscc,
        type_code=kind.code,
        number=number,
        holder_name=holder_name,
        issuer=issuer,
        state=state,
        valid_from=valid_from,
        valid_to=valid_to,
        issued_on=issued_on,
        address=address,
        source_version=read_version(texts.get("version", ""), "version"),
        extra=extra,
        quality=(
            *_code_doubts(uscc, desk, org_holds=org_holds),
            *doubts,
            *((number_doubt,) if number_doubt else ()),
        ),
    )


def _license_type(texts: Texts, desk: CheckContext) -> LicenseType:
    fixed = desk.source.fixed_type
    kind = desk.catalogue.by_name(texts.get("type", "")) if fixed is None else desk.catalogue.find(fixed)
    if kind is None:
        raise RowRefusedError(NO_KIND, "type", texts.get("type", ""))
    if kind.code not in desk.source.types:
        raise RowRefusedError("TYPE_OF_OTHER_SOURCE", "type", texts.get("type", ""))
    return kind


def _number(kind: LicenseType, text: str) -> tuple[str, str | None]:
    """The number in one spelling, and a doubt about it. Only kinds with a check digit refuse."""
    number = normalise_number(read_text(text, "number"))
    problem = number_problem(kind, number)
    if problem is not None and kind.number_check is not NumberCheck.NONE:
        raise RowRefusedError(problem, "number", text)
    return number, problem


def _check_premises(texts: Texts, _extra: Mapping[str, str], desk: CheckContext) -> PremisesRecord:
    uscc, _ = read_uscc(texts["uscc"], "uscc", desk.exceptions)
    region, _ = _region(texts.get("region", ""), uscc, desk.today)
    position = read_position(texts.get("latitude", ""), texts.get("longitude", ""))
    return PremisesRecord(
        uscc=uscc,
        name=read_name(texts["name"], "name"),
        address=read_text(texts["address"], "address"),
        region=region,
        area=read_text(texts.get("area", ""), "area"),
        latitude=None if position is None else position[0],
        longitude=None if position is None else position[1],
        phone=read_phone(texts.get("phone", ""), "phone"),
    )


def _check_penalty(texts: Texts, _extra: Mapping[str, str], desk: CheckContext) -> PenaltyRecord:
    uscc, _ = read_uscc(texts["uscc"], "uscc", desk.exceptions)
    decision_no, act, kind, authority = (
        read_text(texts[field], field) for field in ("decision_no", "act", "penalty_kind", "authority")
    )
    fine_yuan = read_amount(texts.get("fine_yuan", ""), "fine_yuan")
    level = _LEVELS.get(texts["level"])
    if level is None:
        raise RowRefusedError("LEVEL", "level", texts["level"])
    return PenaltyRecord(
        uscc=uscc,
        decision_no=decision_no,
        act=act,
        kind=kind,
        level=level,
        decided_on=read_day(texts["decided_on"], "decided_on", desk.zone),
        authority=authority,
        fine_yuan=fine_yuan,
    )


_LEVELS: Final[Mapping[str, PenaltyLevel]] = MappingProxyType(
    {
        word: level
        for level in PenaltyLevel
        for word in (level.value, f"{level.value}失信", f"{level.value}失信行为")
    }
)

_CHECKS: Final[Mapping[RowKind, Callable[[Texts, Mapping[str, str], CheckContext], Record]]] = (
    MappingProxyType(
        {
            RowKind.ENTERPRISES: _check_enterprise,
            RowKind.LICENSES: _check_license,
            RowKind.PREMISES: _check_premises,
            RowKind.PENALTIES: _check_penalty,
        }
    )
)
