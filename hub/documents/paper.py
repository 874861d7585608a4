"""What a printed license says: its face, how it stands now, where it comes from, and what the signature is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from hub.codes.plates.queries import PlateView
from hub.kernel.messages import Message
from hub.licenses.colours.rules import Colour
from hub.licenses.space import LicenseView
from hub.registry.queries import EnterpriseView, PremisesView

NO_END = "长期 No end date"


@dataclass(frozen=True, slots=True)
class PaperField:
    label: Message
    value: str


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What the symbol on the paper says. `plate_id` None: the enterprise has no plate; it leads to the hub itself."""

    text: str
    plate_id: str | None


@dataclass(frozen=True, slots=True)
class LicensePaper:
    """One page, ready to be drawn."""

    title: Message
    fields: tuple[PaperField, ...]
    colour: Colour | None  # None: not visible to whom the paper is made for
    state: Message
    reason: Message
    as_of: str
    code: PaperCode
    host: str
    document: str
    demo: bool

    @property
    def statements(self) -> tuple[Message, ...]:
        """What the signature says, and what it does not."""
        return (
            Message(
                f"本文件由平台（{self.host}）依据部门归集的数据生成，并加盖平台签名（电子签名）。",
                f"Made by the platform at {self.host} from the departments' data and sealed with the platform signature.",
            ),
            Message(
                "平台签名只证明文件出自本平台且未被改动，不是发证机关的印章或签名，不能代替证照原件。",
                "The platform signature proves origin and integrity only. It is not the seal or signature of the issuing "
                "department, and the document does not replace the license itself.",
            ),
            Message(
                "所载状态为上述时刻的状态。现在是否有效，请扫码核验。",
                "The state shown is that of the moment above. Scan the code to see how it stands now.",
            ),
        )

    @property
    def text(self) -> str:
        """Every character that will be drawn, for the font to be asked."""
        said = [self.title, self.state, self.reason, *self.statements]
        parts = [each.zh + each.en for each in said]
        parts += [field.label.zh + field.label.en + field.value for field in self.fields]
        return "".join((*parts, self.as_of, self.host))


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the records hold of the license at this moment; `plate` None: no plate leads to its holder."""

    enterprise: EnterpriseView
    license: LicenseView
    premises: PremisesView | None
    plate: PlateView | None


def paper(
    facts: PaperFacts, *, base_url: str, demo: bool, document: str, now: datetime, zone: ZoneInfo
) -> LicensePaper:
    """Return the page for one license; `document` is the number of this very copy."""
    license_ = facts.license
    return LicensePaper(
        title=license_.title,
        fields=tuple(_fields(facts, zone)),
        colour=license_.colour,
        state=license_.face.word,
        reason=license_.reason,
        as_of=_moment(now, zone),
        code=_code(facts.plate, base_url),
        host=urlsplit(base_url).netloc,
        document=document,
        demo=demo,
    )


def _fields(facts: PaperFacts, zone: ZoneInfo) -> Iterator[PaperField]:
    one, place = facts.license, facts.premises
    yield PaperField(Message("证照编号", "Number"), one.number)
    yield PaperField(Message("持证主体", "Holder"), one.holder_name)
    yield PaperField(Message("统一社会信用代码", "Unified social credit code"), facts.enterprise.uscc)
    if one.address:
        yield PaperField(Message("证照地址", "Address on the license"), one.address)
    if place is not None:
        yield PaperField(Message("经营场所", "Place of business"), f"{place.name}　{place.address}")
    yield PaperField(Message("发证机关", "Issued by"), one.issuer)
    yield PaperField(Message("发证日期", "Issued on"), _day(one.issued_on))
    until = NO_END if one.valid_to is None else _day(one.valid_to)
    yield PaperField(Message("有效期", "Term"), f"{_day(one.valid_from)}　至 to　{until}")
    department = one.issuer if one.kind is None else one.kind.department.zh
    received = _moment(one.received_at, zone)
    yield PaperField(
        Message("数据来源", "Source of the data"),
        f"{department}　{received} 归集，第 {one.version} 版 version {one.version}",
    )


def _code(plate: PlateView | None, base_url: str) -> PaperCode:
    if plate is None:
        return PaperCode(f"{base_url}/", None)
    return PaperCode(f"{base_url}/c/{plate.text.rpartition('/')[2]}", plate.plate_id)


def _day(day: date | None) -> str:
    return "未提供 not given" if day is None else f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
