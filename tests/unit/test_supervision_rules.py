import pytest

from hub.kernel.errors import InvalidInputError
from hub.supervision.rules import (
    MAX_CONTACT_CHARS,
    MAX_REPORT_CHARS,
    REPORT_KINDS,
    REPORT_STATES,
    ReportKind,
    ReportState,
    read_report,
)


def test_every_kind_and_state_is_said_in_both_languages() -> None:
    assert set(REPORT_KINDS) == set(ReportKind)
    assert set(REPORT_STATES) == set(ReportState)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_every_kind_is_accepted_with_a_sentence(kind: ReportKind) -> None:
    report = read_report(kind=kind.value, text=" 招牌不同\r\n门牌不同 ", contact="  ")

    assert (report.kind, report.text, report.contact) == (kind, "招牌不同\n门牌不同", None)


def test_an_emoji_made_of_several_may_be_written() -> None:
    assert read_report(kind="other", text="👩‍🍳 没有戴口罩", contact="").text == "👩‍🍳 没有戴口罩"


def test_the_longest_report_with_the_longest_contact_is_accepted() -> None:
    text, contact = "字" * MAX_REPORT_CHARS, "1" * MAX_CONTACT_CHARS
    report = read_report(kind="name", text=text, contact=contact)

    assert (report.text, report.contact) == (text, contact)


@pytest.mark.parametrize(
    ("kind", "text", "contact", "field", "reason"),
    [
        ("", "x", "", "kind", "REPORT_KIND"),
        ("ADDRESS", "x", "", "kind", "REPORT_KIND"),
        ("other", " \n ", "", "text", "REPORT_TEXT"),
        ("name", "字" * (MAX_REPORT_CHARS + 1), "", "text", "REPORT_LONG"),
        ("name", "x", "1" * (MAX_CONTACT_CHARS + 1), "contact", "REPORT_CONTACT"),
        ("name", "abc\u202egpj", "", "text", "REPORT_HIDDEN"),
        ("name", "a\x00b", "", "text", "REPORT_HIDDEN"),
        ("name", "x", "138\u20660000", "contact", "REPORT_HIDDEN"),
    ],
)
def test_what_may_not_be_reported_is_refused_with_its_reason(
    kind: str, text: str, contact: str, field: str, reason: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_report(kind=kind, text=text, contact=contact)

    assert (refused.value.field, refused.value.reason) == (field, reason)
