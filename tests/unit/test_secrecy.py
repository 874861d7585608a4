"""Which secrets can be guessed."""

import secrets

import pytest

from hub.kernel.secrecy import weakness


@pytest.mark.parametrize(
    "secret",
    ["", "1", "a" * 32, "ab" * 20, "not-a-secret-" * 4, "12345678901234567890123456789012", "0123456789abcdef" * 2,
     "abcdefghijklmnopqrstuvwxyz012345", "qwertyuiopasdfghjklzxcvbnm123456", "passwordpassword1234",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "Tr0ub4dor&3", "changeme-changeme!", "一二三四五六七八九十一二"],
)  # fmt: skip
def test_a_secret_that_can_be_guessed_is_named_weak(secret: str) -> None:
    told = weakness(secret)

    assert told is not None
    assert told.zh
    assert told.en


@pytest.mark.parametrize(
    "secret",
    ["correct horse battery staple", "blue horses eat 17 lamps", "衢州二〇二六年冬至前夜备份箱在南湖边"],
)
def test_words_that_nobody_else_chose_are_good_enough(secret: str) -> None:
    assert weakness(secret) is None


def test_what_chance_made_is_never_called_weak() -> None:
    made = [secrets.token_urlsafe(32) for _ in range(500)] + [secrets.token_hex(16) for _ in range(500)]

    assert [secret for secret in made if weakness(secret)] == []
