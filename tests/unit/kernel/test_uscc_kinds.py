"""Kinds of credit codes: new ones are taken where both checks are right, and marked."""

import pytest

from hub.kernel.identifiers import IdentifierError, Uscc, parse_uscc, uscc_problems
from hub.kernel.identifiers.checks import organisation_check, uscc_check
from tests.support.feed_shapes import credit_code


def code_of(kind: str, *, subject: str = "MA2TEXT1", organisation: str | None = None) -> str:
    body = kind + "330802" + subject + (organisation or organisation_check(subject))
    return body + uscc_check(body)


def test_self_governing_organisations_are_a_kind() -> None:
    category = parse_uscc(code_of("54")).category

    assert category is not None
    assert category.body.zh == "基层群众性自治组织"


@pytest.mark.parametrize("kind", ["B1", "55", "9A", "Q9"])
def test_a_kind_that_nobody_knows_is_taken_where_both_checks_are_right(kind: str) -> None:
    code = code_of(kind)

    assert uscc_problems(code) == ()
    assert parse_uscc(code).category is None


@pytest.mark.parametrize("kind", ["B1", "55", "9A", "Q9"])
def test_a_kind_that_nobody_knows_is_refused_where_a_check_is_wrong(kind: str) -> None:
    right = code_of(kind)
    wrong_org = code_of(kind, organisation="1" if right[16] != "1" else "2")
    wrong_own = right[:17] + ("1" if right[17] != "1" else "2")

    for code in (wrong_org, wrong_own):
        assert "USCC_CATEGORY" in {problem.reason for problem in uscc_problems(code)}
        with pytest.raises(IdentifierError):
            Uscc(code)


def test_a_known_kind_with_a_wrong_organisation_code_is_still_taken_from_a_registry() -> None:
    right = credit_code(7)
    body = right[:16] + ("1" if right[16] != "1" else "2")

    assert not Uscc(body + uscc_check(body)).org_check_holds
