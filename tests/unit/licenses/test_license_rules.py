import pytest

from hub.licenses.rules import EFFECTIVE, STATE_NAMES, TERMINAL, LicenseState, parse_license_state


def test_every_state_is_named_in_both_languages() -> None:
    assert set(STATE_NAMES) == set(LicenseState)
    assert {name.zh for name in STATE_NAMES.values()} == {state.value for state in LicenseState}
    assert len({name.en for name in STATE_NAMES.values()}) == len(LicenseState)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("01", "有效"),
        ("02", "暂扣"),
        ("03", "撤销"),
        ("04", "注销"),
        ("05", "失效"),
        ("06", "转出"),
        ("07", "吊销"),
        ("办理转出", "转出"),
        (" 有 效 ", "有效"),
        ("\uff10\uff11", "有效"),  # full-width digits
        ("已过期", "失效"),
        ("延续办理中", "延续审查中"),
        ("撤回", "撤回"),
        ("被替换", "被替换"),
    ],
)
def test_words_and_codes_of_departments_are_understood(text: str, state: str) -> None:
    assert parse_license_state(text) == state


@pytest.mark.parametrize("text", ["", "很好", "99", "1", "08", "None"])
def test_words_nobody_has_mapped_are_not_guessed(text: str) -> None:
    assert parse_license_state(text) is None


def test_every_state_is_understood_by_its_own_name() -> None:
    assert [parse_license_state(state.value) for state in LicenseState] == list(LicenseState)


def test_effective_and_closed_states_are_apart() -> None:
    assert not EFFECTIVE & TERMINAL
    assert {"吊销", "撤销", "撤回", "注销", "转出", "被替换"} == TERMINAL
