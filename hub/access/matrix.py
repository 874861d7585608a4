"""The visibility matrix: who is told how much of each of the 22 categories of data about an enterprise.

A `Matrix` is a value that is handed in where the hub is put together; nothing reads it from this module's memory. Whatever
gathers data for a page, a document or an answer is given one column of it, a `AudienceColumn`, and asks that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar, assert_never


class View(Protocol):
    """A frozen dataclass that is shown to somebody."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


T = TypeVar("T")
D = TypeVar("D", bound=View)
C = TypeVar("C")
R = TypeVar("R")


class Audience(StrEnum):
    PUBLIC = "public"
    ENTERPRISE = "enterprise"  # of its own data; of another's it is the public
    ENFORCEMENT = "enforcement"
    GOVERNMENT = "government"


class DetailLevel(StrEnum):
    FULL = "full"
    SUMMARY = (
        "summary"  # masked, counted or limited: the form that the category's use case makes, else nothing
    )
    NONE = "none"


class Category(StrEnum):
    """The 22 categories of data about an enterprise; the value is the Chinese term."""

    BUSINESS_LICENSE = "营业执照照面"
    LICENSE_COLOUR = "执照状态色"
    PERMITS = "许可证照面"
    PERMIT_COLOUR = "许可状态色"
    TIERS = "应办未办清单"
    FILINGS = "备案信息"
    CHANGES = "变更记录"
    PREMISES = "经营场所"
    ARCHIVES = "登记档案"
    ANNUAL_REPORTS = "年报"
    INSPECTIONS = "检查记录"
    PENALTIES = "行政处罚"
    LISTS = "经营异常与严重违法"
    COMMITMENTS = "信用承诺"
    CREDIT_REPAIR = "信用修复"
    CREDIT_GRADE = "公共信用评价等级"
    RISK_CLASS = "信用风险分类"
    HONOURS = "守信激励"
    COMPLAINTS = "投诉举报"
    CORRECTIONS = "责令改正"
    USE_LOG = "授权与用照日志"
    ATTACHED = "附属证件"


Row = tuple[DetailLevel, DetailLevel, DetailLevel, DetailLevel]
Fields = Mapping[str, Category | None]
"""The category of each member of an answer; None: what names the thing, or says where the rest came from."""


def declared(*none: str, **categories: str) -> Fields:
    """Return the categories of the members of an answer: `CATEGORY="name other"`, and names that belong to no category.

    Raises: KeyError for a category that is none.
    """
    named = {name: Category[category] for category, names in categories.items() for name in names.split()}
    return {**dict.fromkeys(none), **named}


_COLUMNS = (Audience.PUBLIC, Audience.ENTERPRISE, Audience.ENFORCEMENT, Audience.GOVERNMENT)
_PLACES = {category: place for place, category in enumerate(Category)}


@dataclass(frozen=True, slots=True)
class AudienceColumn:
    """What one audience is told: a column of the matrix, in the order of the categories."""

    audience: Audience
    levels: tuple[DetailLevel, ...]

    def level(self, category: Category) -> DetailLevel:
        return self.levels[_PLACES[category]]

    def shows(self, category: Category) -> bool:
        """Return whether anything of this category is visible to the audience."""
        return self.level(category) is not DetailLevel.NONE

    def tells(self, category: Category | None) -> bool:
        """Return whether a member of this category is told as it is: a summary is told only where somebody makes one."""
        return category is None or self.level(category) is DetailLevel.FULL

    def disclosed(
        self, category: Category, *, full: Callable[[], T], summary: Callable[[], T], nothing: T
    ) -> T:
        """Return all of a category, its masked or limited form (◐), or nothing, which reads nothing."""
        level = self.level(category)
        match level:
            case DetailLevel.FULL:
                return full()
            case DetailLevel.SUMMARY:
                return summary()
            case DetailLevel.NONE:
                return nothing
        assert_never(level)

    def told(self, members: Mapping[str, object], fields: Fields) -> dict[str, object]:
        """Return the members of an answer, None in place of those that the audience is not told.

        Raises: KeyError for a member whose category nobody declared.
        """
        return {name: value if self.tells(fields[name]) else None for name, value in members.items()}

    def kept(self, view: D, fields: Fields) -> D:
        """Return a view without what the audience is not told: an empty text, tuple or mapping, or None, stands in its place.

        A text that stands in another field as well (a shop named as its enterprise) is hidden there too.
        Raises: KeyError for a field whose category nobody declared.
        """
        values = {name: getattr(view, name) for name in view.__dataclass_fields__}
        hidden = {name for name in values if not self.tells(fields[name])}
        if not hidden:
            return view
        texts = {values[name] for name in hidden if type(values[name]) is str}
        hidden |= {
            name for name, value in values.items() if fields[name] and type(value) is str and value in texts
        }
        return replace(view, **{name: _nothing(values[name]) for name in hidden})

    def each(self, views: Iterable[D], fields: Fields) -> tuple[D, ...]:
        """Return the same for every view of a list."""
        return tuple(self.kept(view, fields) for view in views)

    def columns(
        self,
        categories: Sequence[Category | None],
        headers: Sequence[str],
        rows: Iterable[Sequence[C]],
    ) -> tuple[list[str], Iterator[list[C]]]:
        """Return the headers and rows of a table without the columns that the audience is not told."""
        told = [self.tells(category) for category in categories]

        def chosen(row: Sequence[R]) -> list[R]:
            return [cell for cell, is_told in zip(row, told, strict=True) if is_told]

        return chosen(headers), (chosen(row) for row in rows)


def _nothing(value: object) -> object:
    """Nothing, of the value's own kind; an enumeration and all else has None."""
    if type(value) in {str, tuple, dict}:
        return type(value)()
    return None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table. Raises: ValueError when a category has no row."""

    rows: Mapping[Category, Row]

    def __post_init__(self) -> None:
        if set(self.rows) != set(Category):
            raise ValueError("the matrix has one row for each category")

    def level(self, category: Category, audience: Audience) -> DetailLevel:
        """Return how much of `category` this audience sees."""
        return self.rows[category][_COLUMNS.index(audience)]

    def clearance(self, audience: Audience) -> AudienceColumn:
        return AudienceColumn(audience, tuple(self.level(category, audience) for category in Category))


_F, _S, _N = DetailLevel.FULL, DetailLevel.SUMMARY, DetailLevel.NONE
MATRIX = Matrix(
    {
        Category.BUSINESS_LICENSE: (_F, _F, _F, _F),
        Category.LICENSE_COLOUR: (_F, _F, _F, _F),
        Category.PERMITS: (_F, _F, _F, _F),
        Category.PERMIT_COLOUR: (_F, _F, _F, _F),
        Category.TIERS: (_N, _F, _F, _F),
        Category.FILINGS: (_N, _F, _S, _F),
        Category.CHANGES: (_S, _F, _F, _F),
        Category.PREMISES: (_F, _F, _F, _F),
        Category.ARCHIVES: (_N, _F, _S, _F),
        Category.ANNUAL_REPORTS: (_S, _F, _F, _F),
        Category.INSPECTIONS: (_S, _F, _F, _F),
        Category.PENALTIES: (_S, _F, _F, _F),  # the public sees those inside their window and not repaired
        Category.LISTS: (_F, _F, _F, _F),
        Category.COMMITMENTS: (_S, _F, _F, _F),
        Category.CREDIT_REPAIR: (_N, _F, _S, _F),
        Category.CREDIT_GRADE: (_N, _F, _F, _F),
        Category.RISK_CLASS: (_N, _N, _F, _F),
        Category.HONOURS: (_F, _F, _F, _F),
        Category.COMPLAINTS: (_S, _S, _F, _F),
        Category.CORRECTIONS: (_N, _F, _F, _F),
        Category.USE_LOG: (_N, _F, _N, _S),
        Category.ATTACHED: (_S, _F, _F, _F),
    }
)
