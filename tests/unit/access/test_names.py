"""Names of people: what registries hold is accepted as it is; what nobody can see is refused."""

import pytest

from hub.access.names import clean_name
from hub.kernel.errors import InvalidInputError


@pytest.mark.parametrize(
    "name",
    [
        "王\ue863",
        "李\U00031350",
        "張\U000323b0",
        "Ⅱ世",
        "\uf900天",
        "O’Neill",
        "阿依古丽·买买提",
        "𠮷田",
        " 王 ",
    ],
    ids=ascii,
)
def test_a_name_is_kept_as_registries_have_it(name: str) -> None:
    assert clean_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u3000",
        "王\u202e明",
        "王\u200b明",
        "王\x00",
        "王\n明",
        "\ud800",
        "王\u2028明",
        "王\u2029明",
        "字" * 101,
    ],
    ids=ascii,
)
def test_a_name_with_something_unseen_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="NAME"):
        clean_name(name)
