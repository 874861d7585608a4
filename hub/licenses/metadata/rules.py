"""GB/T 36903-2018: the metadata of an electronic license under the element codes that departments exchange."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from hub.kernel.errors import InvalidInputError
from hub.kernel.messages import Message
from hub.licenses.metadata.holders import HOLDER_CODE_TYPES, ORGANISATION_BY_USCC

SHANGHAI = timezone(timedelta(hours=8))  # one legal time, no summer time since 1991
MOMENT_FORMAT = "%Y-%m-%d %H:%M:%S"
DATE_FORM = r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}\Z"
NO_END = "长期"
NO_END_DATES = frozenset({date(9999, 12, 31), date(2099, 12, 31)})  # "no end" where a column wants a date

METADATA_PROBLEMS: Mapping[str, Message] = MappingProxyType(
    {
        "MISSING": Message("缺少必填的数据元。", "A mandatory element is missing."),
        "DATE": Message("日期或时间的格式不正确。", "The date or time is not written as it must be."),
        "HOLDER_CODE_TYPE": Message("持证主体代码类型不合规。", "Unknown kind of holder code."),
        "ELEMENT_TWICE": Message(
            "扩展数据元与标准数据元重名。", "An extra element bears a standard element's code."
        ),
    }
)


class MetadataError(InvalidInputError):
    """`field` is the element code, `reason` a key of `METADATA_PROBLEMS`."""

    reason = "METADATA"
    zh = "证照元数据不符合标准。"
    en = "The license metadata does not follow the standard."

    def __init__(self, element: str, reason: str) -> None:
        said = METADATA_PROBLEMS[reason]
        self.reason, self.zh, self.en = reason, said.zh, said.en
        super().__init__(element)


@dataclass(frozen=True)
class LicenseMetadata:
    """One license in our terms. Texts are "" and dates None when absent; `valid_to` None means no end (长期).

    `sealed_at` is aware and to the second. `extra` keeps elements we do not know, sorted by code.
    Raises: MetadataError when a mandatory text is blank, the kind of holder code unknown, an extra code a standard one.
    """

    type_name: str
    number: str
    holder: str
    holder_code: str
    holder_code_type: str = ORGANISATION_BY_USCC
    type_code: str = ""
    identifier: str = ""
    issuer: str = ""
    issuer_code: str = ""
    issuer_level: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    sealed_by: str = ""
    sealed_at: datetime | None = None
    seal_name: str = ""
    state: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for element in ELEMENTS:
            if element.required and not getattr(self, element.attribute).strip():
                raise MetadataError(element.code, "MISSING")
        if self.holder_code_type not in HOLDER_CODE_TYPES:
            raise MetadataError("CZZTDMLXDM", "HOLDER_CODE_TYPE")
        for code, _ in self.extra:
            if code in STANDARD_CODES:
                raise MetadataError(code, "ELEMENT_TWICE")


def _write_text(value: str) -> str:
    return value


def _write_date(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _read_date(text: str) -> date:
    if re.match(DATE_FORM, text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)


def _write_end(value: date | None) -> str:
    return NO_END if value is None else value.isoformat()


def _read_end(text: str) -> date | None:
    if text == NO_END:
        return None
    day = _read_date(text)
    return None if day in NO_END_DATES else day


def _write_moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(SHANGHAI).strftime(MOMENT_FORMAT)


def _read_moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT_FORMAT).replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class ElementForm:
    """How one kind of value is written ("" when absent) and read back; `read` raises ValueError."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


TEXT = ElementForm(_write_text, str)
DAY = ElementForm(_write_date, _read_date)
END = ElementForm(_write_end, _read_end)
MOMENT = ElementForm(_write_moment, _read_moment)


@dataclass(frozen=True)
class Element:
    """A data element: its code on the wire, our attribute, its name, how it is written."""

    code: str
    attribute: str
    name: Message
    form: ElementForm = TEXT
    required: bool = False


ELEMENTS: tuple[Element, ...] = (
    Element("ZZMC", "type_name", Message("证照名称", "License name"), required=True),
    Element("ZZLXDM", "type_code", Message("证照类型代码", "License type code")),
    Element("ZZBH", "number", Message("证照编号", "License number"), required=True),
    Element("ZZBS", "identifier", Message("证照标识", "License identifier")),
    Element("ZZBFJG", "issuer", Message("证照颁发机构", "Issuing authority")),
    Element("ZZBFJGDM", "issuer_code", Message("证照颁发机构代码", "Code of the issuing authority")),
    Element("ZZBFJGJB", "issuer_level", Message("证照颁发机构级别", "Level of the issuing authority")),
    Element("ZZBFRQ", "issued_on", Message("证照颁发日期", "Date of issue"), DAY),
    Element("CZZT", "holder", Message("持证主体", "Holder"), required=True),
    Element("CZZTDM", "holder_code", Message("持证主体代码", "Code of the holder"), required=True),
    Element("CZZTDMLXDM", "holder_code_type", Message("持证主体代码类型代码", "Kind of holder code")),
    Element("ZZYXQQSRQ", "valid_from", Message("证照有效期起始日期", "First day of validity"), DAY),
    Element("ZZYXQJZRQ", "valid_to", Message("证照有效期截止日期", "Last day of validity"), END),
    Element("ZZQZR", "sealed_by", Message("签章人", "Sealed by")),
    Element("ZZQZSJ", "sealed_at", Message("签章时间", "Time of the seal"), MOMENT),
    Element("ZZQZMC", "seal_name", Message("签章名称", "Name of the seal")),
    Element("ZT", "state", Message("证照状态", "State of the license")),
)
HOLDER_CODE_TYPE_NAME = "CZZTDMLX"  # follows from CZZTDMLXDM: written for people, ignored when read
STANDARD_CODES = frozenset({HOLDER_CODE_TYPE_NAME, *(element.code for element in ELEMENTS)})


def to_36903(record: LicenseMetadata) -> dict[str, str]:
    """The record under its element codes; absent elements are left out, no end is written 长期, times are Shanghai's."""
    pairs = ((element.code, element.form.write(getattr(record, element.attribute))) for element in ELEMENTS)
    written = {code: text for code, text in pairs if text}
    written[HOLDER_CODE_TYPE_NAME] = HOLDER_CODE_TYPES[record.holder_code_type].name.zh
    return {**written, **dict(record.extra)}


def from_36903(elements: Mapping[str, str]) -> LicenseMetadata:
    """Read a record: blank elements count as absent, unknown ones are kept, a missing kind of holder code is 001.

    Raises: MetadataError.
    """
    known = {
        element.attribute: _read(element, elements.get(element.code, ""))
        for element in ELEMENTS
        if element.required or elements.get(element.code, "").strip()
    }
    extra = tuple(sorted((code, text) for code, text in elements.items() if code not in STANDARD_CODES))
    return LicenseMetadata(**known, extra=extra)


def _read(element: Element, text: str) -> Any:
    try:
        return element.form.read(text if element.form is TEXT else text.strip())
    except ValueError as error:
        raise MetadataError(element.code, "DATE") from error
