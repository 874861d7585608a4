"""Where one can go from a page, as values: the bar of an end, and the way through a long list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

BAR_OF_A_PHONE = 5  # items that fit side by side under a thumb; of more, the last place holds the rest


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page of an end: its address, the name of its icon, its name, and whether it is the one shown."""

    href: str
    picture: str
    text: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavBar:
    """The bar of an end. A phone shows `first`, and `rest` behind one more place; a desktop shows all."""

    items: tuple[NavItem, ...]

    @property
    def first(self) -> tuple[NavItem, ...]:
        return self.items[: self._fitting]

    @property
    def rest(self) -> tuple[NavItem, ...]:
        return self.items[self._fitting :]

    @property
    def is_rest_current(self) -> bool:
        return any(item.is_current for item in self.rest)

    @property
    def _fitting(self) -> int:
        is_long = len(self.items) > BAR_OF_A_PHONE
        return BAR_OF_A_PHONE - 1 if is_long else BAR_OF_A_PHONE


@dataclass(frozen=True, slots=True)
class Pager:
    """The addresses of a list's beginning and of its next page; None: one stands at the beginning or at the end."""

    newer: str | None
    older: str | None


def nav_item(endpoint: str, picture: str, text: str, *, besides: Collection[str] = ()) -> NavItem:
    """Return the item of a page; `besides`: endpoints of pages that belong to it, on which it counts as the one shown."""
    here = request.endpoint or ""
    return NavItem(url_for(endpoint), picture, text, is_current=here == endpoint or here in besides)


def pager(endpoint: str, *, is_first: bool, older: object, at: str = "cursor", **query: Any) -> Pager:
    """Return the way through a list at `endpoint`; `at`: the parameter that says where the next page begins.

    `older`: its value, or nothing where this is the last page. `query`: what the list is asked for besides.
    """
    newer = None if is_first else url_for(endpoint, **query)
    query[at] = older
    return Pager(newer, url_for(endpoint, **query) if older else None)


def return_path() -> str:
    """Return the address to come back to from a form of the frame; the front page where this one came by a form itself."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
