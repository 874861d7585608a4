"""The anchor's own vocabulary: registration states, overlays, kinds of enterprise, the face of the license, names, addresses.

Department data says one thing in many words; here each has one canonical Chinese term, which is the stored value,
an English name, and what follows from it. Unknown words are never guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from hub.kernel.messages import Message
from hub.kernel.visible_characters import is_visible


class EntityState(StrEnum):
    """登记状态. The value is the canonical Chinese term (国家企业信用信息公示系统 usage)."""

    ACTIVE = "存续"
    DORMANT = "歇业"
    LIQUIDATING = "清算中"
    ORDERED_CLOSED = "责令关闭"
    REVOKED = "吊销未注销"
    REVOKED_DEREGISTERED = "吊销已注销"
    DEREGISTERED = "注销"
    ANNULLED = "撤销登记"
    MOVED_OUT = "迁出"
    UNCONFIRMED = "待确认"

    @property
    def label(self) -> Message:
        return Message(self.value, _STATE_BY_NAME[self].name_en)

    @property
    def alive(self) -> bool:
        """Known to exist here, in business or not. UNCONFIRMED is neither alive nor ended: it grants nothing."""
        return _STATE_BY_NAME[self].alive

    @property
    def ended(self) -> bool:
        """Known to be over here: deregistered, annulled or moved to another registry."""
        return _STATE_BY_NAME[self].ended


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state: English name, what follows, and the words met for it in departments' data."""

    state: EntityState
    name_en: str
    alive: bool
    ended: bool
    synonyms: tuple[str, ...]


STATES: Final = (
    StateRow(
        EntityState.ACTIVE,
        "Active",
        alive=True,
        ended=False,
        synonyms=(
            "存续(在营、开业、在册)",
            "存续(在营)",
            "开业",
            "在业",
            "在营",
            "在册",
            "在营(开业)",
            "在营(开业)企业",
            "正常",
            "正常在业",
            "登记成立",
            "筹建",
        ),
    ),
    StateRow(
        EntityState.DORMANT, "Dormant (business suspended by filing)", alive=True, ended=False, synonyms=()
    ),
    StateRow(EntityState.LIQUIDATING, "In liquidation", alive=True, ended=False, synonyms=("清算",)),
    StateRow(
        EntityState.ORDERED_CLOSED, "Ordered to close", alive=True, ended=False, synonyms=("被责令关闭",)
    ),
    StateRow(
        EntityState.REVOKED,
        "License revoked, not deregistered",
        alive=True,
        ended=False,
        synonyms=("吊销,未注销", "吊销(未注销)", "吊销", "已吊销", "吊销企业", "被吊销"),
    ),
    StateRow(
        EntityState.REVOKED_DEREGISTERED,
        "License revoked and deregistered",
        alive=False,
        ended=True,
        synonyms=("吊销,已注销", "吊销(已注销)", "吊销后注销"),
    ),
    StateRow(
        EntityState.DEREGISTERED, "Deregistered", alive=False, ended=True, synonyms=("已注销", "注销企业")
    ),
    StateRow(
        EntityState.ANNULLED,
        "Registration annulled",
        alive=False,
        ended=True,
        synonyms=("撤销", "已撤销", "被撤销登记"),
    ),
    StateRow(
        EntityState.MOVED_OUT,
        "Moved to another registry",
        alive=False,
        ended=True,
        synonyms=("迁移异地", "迁往市外", "迁往外地", "已迁出"),
    ),
    StateRow(
        EntityState.UNCONFIRMED,
        "Awaiting confirmation",
        alive=False,
        ended=False,
        synonyms=("停业", "其他", "其它"),
    ),
)

_STATE_BY_NAME: Final[Mapping[EntityState, StateRow]] = MappingProxyType({row.state: row for row in STATES})
_PUNCTUATION: Final = dict.fromkeys(map(ord, "()[]〔〕【】《》,、;/-_·. "))
_MAX_STATE_CHARS: Final = 40  # the longest term has 12; anything longer is not a state


def _state_key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_PUNCTUATION)


_STATE_BY_KEY: Final[Mapping[str, EntityState]] = MappingProxyType(
    {_state_key(word): row.state for row in STATES for word in (row.state.value, *row.synonyms)}
)


def parse_state(text: str) -> EntityState | None:
    """Return the canonical state for a department's word, whatever its brackets, commas and widths.

    UNCONFIRMED for words that need a person (停业, 其他); None for a word never seen, which is a refusal.
    """
    return _STATE_BY_KEY.get(_state_key(text)) if len(text) <= _MAX_STATE_CHARS else None


class Overlay(StrEnum):
    """What may lie over a state without changing it."""

    ABNORMAL = "经营异常名录"
    SERIOUS = "严重违法失信名单"
    REPORT_MISSING = "年报未报"
    EQUITY_FROZEN = "股权冻结"
    DEREGISTERING = "简易注销公告中"

    @property
    def label(self) -> Message:
        return Message(self.value, _OVERLAY_EN[self])


_OVERLAY_EN: Final[Mapping[Overlay, str]] = MappingProxyType(
    {
        Overlay.ABNORMAL: "On the list of abnormal operations",
        Overlay.SERIOUS: "On the list of serious illegality and dishonesty",
        Overlay.REPORT_MISSING: "Annual report not filed",
        Overlay.EQUITY_FROZEN: "Equity frozen",
        Overlay.DEREGISTERING: "Simplified deregistration announced",
    }
)


class EntityType(StrEnum):
    """Kind of enterprise, as far as the face of its license differs. OTHER: bodies of other registries, and doubt."""

    COMPANY = "公司"
    NON_COMPANY = "非公司企业法人"
    SOLE_PROPRIETORSHIP = "个人独资企业"
    PARTNERSHIP = "合伙企业"
    COOPERATIVE = "农民专业合作社"
    SELF_EMPLOYED = "个体工商户"
    BRANCH = "分支机构"
    OTHER = "其他"

    @property
    def label(self) -> Message:
        return Message(self.value, _TYPE_EN[self])


_TYPE_EN: Final[Mapping[EntityType, str]] = MappingProxyType(
    {
        EntityType.COMPANY: "Company",
        EntityType.NON_COMPANY: "Enterprise legal person, not a company",
        EntityType.SOLE_PROPRIETORSHIP: "Sole proprietorship",
        EntityType.PARTNERSHIP: "Partnership",
        EntityType.COOPERATIVE: "Farmers' cooperative",
        EntityType.SELF_EMPLOYED: "Self-employed household",
        EntityType.BRANCH: "Branch",
        EntityType.OTHER: "Other",
    }
)

# First word found decides: 分公司 before 公司, 合伙 before 公司 (a partner may be one), and 个人独资企业 in full,
# because 有限责任公司(自然人独资) is a company.
_WORDS_BY_PREFIX: Final[Mapping[str, tuple[tuple[str, EntityType], ...]]] = MappingProxyType(
    {
        "91": (
            ("分公司", EntityType.BRANCH),
            ("分支机构", EntityType.BRANCH),
            ("分社", EntityType.BRANCH),
            ("分厂", EntityType.BRANCH),
            ("营业单位", EntityType.BRANCH),
            ("办事处", EntityType.BRANCH),
            ("个人独资企业", EntityType.SOLE_PROPRIETORSHIP),
            ("合伙", EntityType.PARTNERSHIP),
            ("非公司", EntityType.NON_COMPANY),
            ("公司", EntityType.COMPANY),
            ("全民所有制", EntityType.NON_COMPANY),
            ("集体所有制", EntityType.NON_COMPANY),
            ("股份合作", EntityType.NON_COMPANY),
            ("联营", EntityType.NON_COMPANY),
        ),
        "92": (("", EntityType.SELF_EMPLOYED),),
        "93": (
            ("分支机构", EntityType.BRANCH),
            ("分社", EntityType.BRANCH),
            ("", EntityType.COOPERATIVE),
        ),
    }
)


def entity_type(uscc: str, type_text: str) -> EntityType:
    """Return the kind of enterprise from the first two characters of its code and the registry's 类型.

    The code's prefix is protected by its check and outranks the text; OTHER where neither settles it.
    """
    text = "".join(unicodedata.normalize("NFKC", type_text).split())
    words = _WORDS_BY_PREFIX.get(uscc[:2], ())
    return next((kind for word, kind in words if word in text), EntityType.OTHER)


MAX_NAME_CHARS: Final = 200  # the face and the table hold 200; registered names stay below 100


def normalise_name(name: str) -> str:
    """Return the name as it is compared and searched: NFKC (brackets and digits of one width), outer space cut off."""
    return unicodedata.normalize("NFKC", name.strip(" \t\r\n\u3000")).strip()


def name_problem(name: str) -> str | None:
    """Return the reason code of the first thing wrong with an enterprise's or a place's name, or None.

    Space around a name is the file's fault and not counted; inside it, whatever cannot be seen is refused, since
    two names that look alike would be two.
    """
    trimmed = name.strip(" \t\r\n\u3000")
    if len(trimmed) > MAX_NAME_CHARS:
        return "NAME_TOO_LONG"
    folded = normalise_name(trimmed)
    if not is_visible(trimmed + folded):
        return "NAME_CONTROL_CHARACTERS"
    if not folded:
        return "NAME_MISSING"
    return "NAME_TOO_LONG" if len(folded) > MAX_NAME_CHARS else None


MASK = "***"  # what an address shows in place of its house number

# From the first house number on: digits of any width, or Chinese numerals before a word that counts buildings.
# 荷花一路 keeps its name; 荷花一路12号 and 石梁镇二十三号 do not keep their number.
_HOUSE_NUMBER = re.compile(
    r"(?:[0-90-9]|[〇零一二三四五六七八九十百]+(?:号|弄|幢|栋|座|楼|层|单元|室|户)).*", re.DOTALL
)


def public_address(address: str, *, is_residence: bool) -> str:
    """Return the address without the house number where somebody lives there (《个人信息保护法》 art. 6)."""
    return _HOUSE_NUMBER.sub(MASK, address) if is_residence else address
