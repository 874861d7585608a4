"""What departments report of licenses, read from the texts of a row."""

from collections.abc import Mapping
from typing import Final, Protocol

from hub.licenses.catalogue.rules import (
    NUMBER_PROBLEMS,
    LicenseCatalogue,
    LicenseType,
    NumberCheck,
    UnknownLicenseTypeError,
    normalise_number,
    number_problem,
)
from hub.licenses.records import LicenseRecord
from hub.licenses.rules import LicenseState, parse_license_state
from hub.licenses.store import VERSIONED
from hub.licenses.yearly_checks import YEARLY_CHECKS
from hub.registry.reading.cells import CellForm
from hub.registry.reading.days import read_optional_day
from hub.registry.reading.doubts import code_doubts, flags, period
from hub.registry.reading.errors import FaultyValueError, RowRefusedError, StateUnknownError
from hub.registry.reading.kinds import FieldText, ReadingContext, RowKind, Texts, Watched
from hub.registry.reading.texts import folded
from hub.registry.reading.values import holds_markup, read_name, read_text, read_uscc, read_version

USCC_HOLDERS: Final = frozenset({"", "001", "01", "1"})  # GB/T 36903: 001 is the unified social credit code


class OtherSourcesTypeError(RowRefusedError):
    reason = "TYPE_OF_OTHER_SOURCE"
    zh = "该类证照不由此数据源报送。"
    en = "This kind of license is not for this source to report."


class HolderKindError(RowRefusedError):
    reason = "HOLDER_KIND"
    zh = "持证主体不是以统一社会信用代码标识的法人或组织。"
    en = "The holder is not identified by a unified social credit code."


class LicenseSource(Protocol):
    """What of a source its licenses depend on (`hub.feeds.sources.Source`)."""

    @property
    def fixed_type(self) -> str | None: ...
    @property
    def states(self) -> Mapping[str, str]: ...
    def may_report(self, code: str) -> bool: ...


class LicenseContext(ReadingContext, Protocol):
    """What a check of licenses knows besides: the catalogue, and what the source says of its rows."""

    @property
    def catalogue(self) -> LicenseCatalogue: ...
    @property
    def source(self) -> LicenseSource: ...


def _check_license(texts: Texts, rest: Texts, context: LicenseContext) -> LicenseRecord:
    uscc, org_holds = read_uscc(texts["uscc"], "uscc", context.exceptions)
    if texts.get("holder_kind", "") not in USCC_HOLDERS:
        raise HolderKindError("holder_kind", texts["holder_kind"])
    kind = _license_type(texts, context)
    number, number_doubt = _number(kind, texts["number"])
    holder_name = read_name(texts["holder_name"], "holder_name")
    issuer, address = (read_text(texts.get(field, ""), field) for field in ("issuer", "address"))
    valid_from, valid_to = period(texts, "valid_from", "valid_to", context)
    issued_on = read_optional_day(texts.get("issued_on", ""), "issued_on", context.zone)
    state = _license_state(texts["state"], context.source)
    doubts = flags(
        IN_FUTURE=issued_on is not None and issued_on > context.today,
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
        extra=rest,
        quality=(
            *code_doubts(uscc, context, org_holds=org_holds),
            *doubts,
            *((number_doubt,) if number_doubt else ()),
        ),
    )


def _license_type(texts: Texts, context: LicenseContext) -> LicenseType:
    fixed = context.source.fixed_type
    kind = (
        context.catalogue.by_name(texts.get("type", "")) if fixed is None else context.catalogue.find(fixed)
    )
    if kind is None:
        unknown = UnknownLicenseTypeError()
        raise FaultyValueError(unknown.reason, unknown.message, field="type", value=texts.get("type", ""))
    if not context.source.may_report(kind.code):
        raise OtherSourcesTypeError("type", texts.get("type", ""))
    return kind


def _number(kind: LicenseType, text: str) -> tuple[str, str | None]:
    """The number in one spelling, and a doubt about it. Only kinds with a check digit refuse."""
    number = normalise_number(read_text(text, "number"))
    problem = number_problem(kind, number)
    if problem is not None and kind.number_check is not NumberCheck.NONE:
        raise FaultyValueError(problem, NUMBER_PROBLEMS[problem], field="number", value=text)
    return number, problem


def _license_state(text: str, source: LicenseSource) -> LicenseState:
    plain = folded(text)
    state = parse_license_state(source.states.get(plain, plain))
    if state is None:
        raise StateUnknownError("state", text)
    return state


LICENSES = RowKind(
    name="licenses",
    record=LicenseRecord,
    fields=(
        FieldText("uscc", CellForm.NUMBER, 60),
        FieldText("type", CellForm.WORD, 100),
        FieldText("number", CellForm.NUMBER, 100),
        FieldText("holder_name", CellForm.KEPT, 200),
        FieldText("issuer", CellForm.KEPT, 100),
        FieldText("address", CellForm.KEPT, 300),
        FieldText("issued_on", CellForm.DAY, 40),
        FieldText("valid_from", CellForm.DAY, 40),
        FieldText("valid_to", CellForm.END, 40),
        FieldText("state", CellForm.KEPT, 40),
        FieldText("version", CellForm.FOLDED, 20),
        FieldText("holder_kind", CellForm.NUMBER, 20),
    ),
    check=_check_license,
    recoloured=True,
    refusals=(HolderKindError, OtherSourcesTypeError),
    stored=VERSIONED,
    watched=Watched(
        told={"state": "state", "name": "holder_name", "from": "valid_from", "to": "valid_to"},
        version="source_version",
        days=("issued_on", "valid_from"),
        changes_hands=True,
    ),
)
KINDS = (LICENSES, YEARLY_CHECKS)
