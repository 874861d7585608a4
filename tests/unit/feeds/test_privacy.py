"""Citizen numbers never stay whole in what is kept beside the records."""

import pytest

from hub.feeds.privacy import masked, masked_extra, shown, shown_row

NUMBER = "330802199001011234"  # no check digit that holds: nobody's
MIDDLE = "021990010112"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "33080219900101123X",
        "33080219900101123x",
        f"身份证:{NUMBER}。",
        f"ID{NUMBER}",
        f"{NUMBER}X1",
        "３３０８０２１９９００１０１１２３４",
        "330802 19900101 1234",
        "330802-19900101-1234",
        "330802\u200b199001011234",
        "\u202d330802199001011234\u202c",
        "3 3 0 8 0 2 1 9 9 0 0 1 0 1 1 2 3 4",
        "330802900101123",
        "身份证330802900101123号",
        f'{{"owner": {{"no": "{NUMBER}"}}}}',
        "3.30802199001011E+17",
        "3.3080219900101120E+17",
        "'330802199001011234",
    ],
)
def test_a_citizen_number_is_hidden_however_it_is_written(text: str) -> None:
    for hidden in (
        masked(text),
        masked_extra("备注", text),
        shown(text),
        *shown_row({"备注": text}).values(),
    ):
        digits = "".join(c for c in hidden if c.isdigit())
        assert "*" in hidden
        assert MIDDLE[2:8] not in digits
        assert "900101" not in digits


@pytest.mark.parametrize(
    "name",
    [
        "身份证号码",
        "法人身份证",
        "法定代表人证件号码",
        "公民身份号码",
        "IDCARD",
        "id_card",
        "Id-Card-No",
        "FDDBRSFZH",
        "passport",
        "护照号码",
        "ZJHM",
    ],
)
@pytest.mark.parametrize("text", ["H12345678", "E1234567", NUMBER, "33080219900101", "3308021990"])
def test_a_column_for_a_persons_number_is_hidden_whatever_is_in_it(name: str, text: str) -> None:
    assert text[4:-4] == "" or text[4:-4] not in masked_extra(name, text)
    assert "*" in masked_extra(name, text)
    assert "*" in shown_row({name: text})[name]


@pytest.mark.parametrize(
    "text",
    [
        "91330802MA25W6EN3A",
        "913308029373909922",
        "JY23308249692089",
        "05703033000",
        "2026-11-20",
        "330802000001",
        "一般",
        "首次",
        "28.973763",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
    assert masked_extra("备注", text) == text
