"""NUL, which no text of ours holds and PostgreSQL cannot store, is refused in one place."""

import pytest
from flask import Flask

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/access/login?next=%00", 422, "NUL"),
        ("/c/?q=%00", 422, "NUL"),
        ("/problems/a%00b", 404, "NOT_FOUND"),
    ],
)
def test_nul_in_an_address_is_refused_before_anything_reads_it(
    app: Flask, path: str, status: int, reason: str
) -> None:
    answer = app.test_client().get(path, headers=JSON)

    assert (answer.status_code, answer.get_json()["reason"]) == (status, reason)


def test_nul_in_a_form_is_refused_with_its_field(app: Flask) -> None:
    answer = app.test_client().post("/language/en", data={"next": "/\0"}, headers=JSON)

    told = answer.get_json()
    assert (answer.status_code, told["reason"]) == (422, "NUL")
    assert "next" in str(told["fields"])
