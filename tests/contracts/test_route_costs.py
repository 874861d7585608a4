"""What the server asks of a route before it reads: the short way to an answer says what the routes themselves say."""

import pytest
from werkzeug.routing import AnyConverter, BaseConverter, UUIDConverter

from hub.app import Application, routes

UUID = "0199d3a6-2f6e-7000-8000-000000000001"


def sample(converter: BaseConverter) -> str:
    """A value that a part of an address may have."""
    match converter:
        case AnyConverter():
            return min(converter.items)
        case UUIDConverter():
            return UUID
    return "1"


@pytest.fixture(scope="module")
def app() -> Application:
    return routes()


def spelt(path: str) -> list[str]:
    """The address, with one character as its escape, and as nobody's."""
    escaped = [f"{path[:at]}%{ord(path[at]):02X}{path[at + 1 :]}" for at in (1, len(path) - 1) if path != "/"]
    return [path, *escaped, f"/{path}", f"//{path}", path.replace("/", "//"), f"{path}/x"]


def test_an_address_is_heavy_exactly_where_its_route_is(app: Application) -> None:
    costs, found = app.costs, set[str]()
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                values = {name: sample(each) for name, each in rule._converters.items()}
                path = adapter.build(rule.endpoint, values, method=method)
                for each in spelt(path):
                    is_heavy = costs._budget(method, each).is_heavy  # the long way
                    assert costs.is_heavy(method, each) is is_heavy, (method, each)
                    found |= {rule.rule} if is_heavy else set()

    assert {"/api/v1/verifications/batch", "/api/v1/premises/<uuid:premises_id>/plate.<extension>"} <= found
