"""The bar of an end and the way through a list, as values."""

import pytest
from flask import Flask

from hub.web.navigation import NavBar, NavItem, Pager, nav_item, pager, return_path


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    for endpoint in ("list", "row", "other"):
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "", methods=["GET", "POST"])
    return app


def items(count: int, *, current: int | None = None) -> tuple[NavItem, ...]:
    return tuple(NavItem(f"/{n}", "house", str(n), is_current=n == current) for n in range(count))


def test_a_short_bar_shows_every_item() -> None:
    bar = NavBar(items(5))

    assert (len(bar.first), bar.rest) == (5, ())


def test_a_long_bar_keeps_its_last_place_for_the_rest() -> None:
    bar = NavBar(items(6))

    assert [item.text for item in bar.first] == ["0", "1", "2", "3"]
    assert [item.text for item in bar.rest] == ["4", "5"]


def test_the_rest_is_current_only_where_the_page_is_among_it() -> None:
    assert NavBar(items(6, current=4)).is_rest_current
    assert not NavBar(items(6, current=3)).is_rest_current


def test_a_page_and_those_that_belong_to_it_mark_its_item(app: Flask) -> None:
    marks = []
    for path in ("/list", "/row", "/other"):
        with app.test_request_context(path):
            marks.append(nav_item("list", "house", "List", besides=("row",)).is_current)

    assert marks == [True, True, False]


def test_a_pager_leads_on_with_what_the_list_was_asked_for(app: Flask) -> None:
    with app.test_request_context("/list"):
        way = pager("list", is_first=False, older="c7", q="面馆", state=None)

    assert way == Pager("/list?q=%E9%9D%A2%E9%A6%86", "/list?q=%E9%9D%A2%E9%A6%86&cursor=c7")


def test_a_pager_of_one_page_leads_nowhere(app: Flask) -> None:
    with app.test_request_context("/list"):
        assert pager("list", is_first=True, older=None, at="before") == Pager(None, None)


def test_a_form_of_the_frame_comes_back_to_the_page_it_stood_on(app: Flask) -> None:
    found = []
    for path, method in (("/list?q=1", "GET"), ("/list", "GET"), ("/list", "POST")):
        with app.test_request_context(path, method=method):
            found.append(return_path())

    assert found == ["/list?q=1", "/list", "/"]
