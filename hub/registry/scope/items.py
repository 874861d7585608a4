"""Items of the business scope catalogue and what each calls for; rows are data, checked when loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from hub.kernel.errors import NotFoundError
from hub.kernel.messages import Message
from hub.registry.scope.text import item_key


class UnknownItemError(NotFoundError):
    reason = "SCOPE_ITEM"
    zh = "经营范围项目不在目录中。"
    en = "This business scope item is not in the catalogue."


class Nature(StrEnum):
    GENERAL = "一般"
    LICENSED = "许可"


class ReformMode(StrEnum):
    """证照分离: the four ways of 国发〔2021〕7号."""

    ABOLISHED = "直接取消审批"
    FILING = "审批改为备案"
    COMMITMENT = "实行告知承诺"
    EASED = "优化审批服务"


class Prior(StrEnum):
    """Which comes first, the permit or the business license; or whether a filing is enough."""

    PERMIT_FIRST = "先证后照"
    LICENSE_FIRST = "先照后证"
    FILING = "备案"


# Facts an enterprise may declare untrue, and only then a permit that depends on one is not called for.
CONDITIONS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "drains_to_sewer": Message("向城镇排水设施排放污水", "Drains waste water into the urban sewers"),
        "farm_above_scale": Message(
            "动物饲养场达到规定规模", "The animal farm reaches the scale set by the province"
        ),
        "listed_polluter": Message(
            "列入固定污染源排污许可分类管理名录",
            "Listed for pollutant permits as a fixed source of pollution",
        ),
        "listed_product": Message(
            "产品列入工业产品生产许可证目录", "The product is listed for industrial product permits"
        ),
        "paid_information_service": Message(
            "有偿提供互联网信息服务", "Provides internet information for payment"
        ),
        "public_assembly": Message("经营场所属于公众聚集场所", "The premises are a place of public assembly"),
        "runs_kindergarten": Message("举办幼儿园", "Runs a kindergarten"),
        "takes_water": Message(
            "直接从江河、湖泊或者地下取用水资源", "Takes water directly from rivers, lakes or the ground"
        ),
        "uses_special_equipment": Message(
            "使用锅炉、电梯、起重机械等特种设备", "Uses boilers, lifts, cranes or other special equipment"
        ),
        "vehicle_over_4_5t": Message(
            "使用总质量4.5吨以上的货运车辆", "Uses goods vehicles over 4.5 t total mass"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class PermitNeed:
    """One permit an item calls for, by the permit's catalogue name."""

    permit: str
    prior: Prior
    reform_mode: ReformMode | None
    condition: str | None

    def holds(self, declared: Mapping[str, bool]) -> bool:
        """Return whether it is called for: always, unless its condition was declared untrue. Silence hides nothing."""
        return self.condition is None or declared.get(self.condition, True)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A rule of thumb for free text: every word of `all_of` stands for itself in it, none of `none_of` occurs.

    With * before a word any other may stand directly before it, as 铁矿 for *矿.
    """

    all_of: tuple[str, ...]
    none_of: tuple[str, ...]

    @property
    def weight(self) -> int:
        return sum(map(len, self.all_of))


@dataclass(frozen=True, slots=True)
class ScopeItem:
    """One 规范表述. `verified` False: a default that nobody checked against the official catalogue."""

    code: str
    name: str
    nature: Nature
    permits: tuple[PermitNeed, ...]
    site_bound: bool
    reform_mode: ReformMode | None
    aliases: tuple[str, ...]
    keywords: tuple[Keyword, ...]
    valid_from: date
    valid_to: date | None
    basis: str
    verified: bool
    note: str

    def valid_on(self, day: date) -> bool:
        """Return whether the item is in force on a day; both ends count."""
        return self.valid_from <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, eq=False)
class ScopeCatalogue:
    """All items of one version. Compared by identity: a loaded catalogue is made once.

    Raises: ValueError when two items claim one code or one spelling.
    """

    version: str
    items: tuple[ScopeItem, ...]

    def __post_init__(self) -> None:
        codes = [item.code for item in self.items]
        spellings = [item_key(text) for item in self.items for text in (item.name, *item.aliases)]
        for claimed in (codes, spellings):
            if len(set(claimed)) != len(claimed):
                raise ValueError(f"claimed twice: {sorted(c for c in set(claimed) if claimed.count(c) > 1)}")

    @cached_property
    def by_code(self) -> Mapping[str, ScopeItem]:
        return MappingProxyType({item.code: item for item in self.items})

    @cached_property
    def names(self) -> Mapping[str, ScopeItem]:
        """Items by the key of their name."""
        return MappingProxyType({item_key(item.name): item for item in self.items})

    @cached_property
    def aliases(self) -> Mapping[str, ScopeItem]:
        """Items by the key of each other spelling."""
        return MappingProxyType({item_key(alias): item for item in self.items for alias in item.aliases})

    @cached_property
    def keywords(self) -> tuple[tuple[Keyword, ScopeItem], ...]:
        """All rules of thumb, the most telling first; equals stay in catalogue order."""
        rules = [(keyword, item) for item in self.items for keyword in item.keywords]
        return tuple(sorted(rules, key=lambda rule: -rule[0].weight))

    @cached_property
    def _hint(self) -> re.Pattern[str]:
        """Any first word of a rule; nearly every line has none and is spared the rules."""
        words = {keyword.all_of[0].removeprefix("*") for keyword, _ in self.keywords}
        return re.compile("|".join(map(re.escape, sorted(words))) or r"(?!)")

    def hinted(self, key: str) -> tuple[tuple[Keyword, ScopeItem], ...]:
        """Return the rules of thumb worth trying on an item key: all of them, or none."""
        return self.keywords if self._hint.search(key) else ()

    @cached_property
    def negated_words(self) -> tuple[str, ...]:
        """Words of the rules that begin with a negation and yet name a thing, as 非处方药."""
        words = {word for keyword, _ in self.keywords for word in keyword.all_of if word[0] in "非未不无"}
        return tuple(sorted(words))

    @cached_property
    def most_pieces(self) -> int:
        """How many pieces the longest spelling falls into when cut at every 、 : the bound of looking ahead."""
        return 1 + max((key.count("、") for key in (*self.names, *self.aliases)), default=0)

    @cached_property
    def longest_key(self) -> int:
        return max(map(len, (*self.names, *self.aliases)), default=0)

    def find(self, code: str) -> ScopeItem:
        """Return the item of a code. Raises: UnknownItemError."""
        item = self.by_code.get(code)
        if item is None:
            raise UnknownItemError(code)
        return item
