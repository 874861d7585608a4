"""Which secrets can be guessed."""

import secrets

import pytest

from hub.kernel.secret_strength import weakness


@pytest.mark.parametrize(
    "secret",
    ["", "1", "a" * 32, "ab" * 20, "not-a-secret-" * 4, "12345678901234567890123456789012", "0123456789abcdef" * 2,
     "abcdefghijklmnopqrstuvwxyz012345", "qwertyuiopasdfghjklzxcvbnm123456", "passwordpassword1234",
     "1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t6y", "qazwsxedcrfvtgbyhnujmikolp", "zaq12wsxcde34rfvbgt56yhnmju78ik",
     "P@ssw0rdP@ssw0rd2024!!", "your-secret-key-here-please-change", "this-is-a-very-secret-key-change-me",
     "supersecretkeysupersecretkey!!!", "thequickbrownfoxjumpsoverthelazydog", "iloveyouiloveyou2026",
     "replace-with-a-long-random-value", "dev-secret-do-not-use-in-production", "openssl rand -base64 32",
     "$(openssl rand -base64 32)", "acegikmoqsuwybdfhjlnprtvxz", "aAbBcCdDeEfFgGhH", "https://hub.example",
     "asdfghjkl;'qwertyuiop[]zxcvbnm,./", "3.14159265358979323846264338327950", "Correct-Horse-Battery-Staple",
     "correct horse battery staple", "quzhou-yizhao-hub-2026-quzhou",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "Tr0ub4dor&3", "changeme-changeme!", "一二三四五六七八九十一二"],
)  # fmt: skip
def test_a_secret_that_can_be_guessed_is_named_weak(secret: str) -> None:
    told = weakness(secret)

    assert told is not None
    assert told.zh
    assert told.en


@pytest.mark.parametrize(
    "secret",
    ["muddy violin borrows ninety tents", "blue horses eat 17 lamps", "衢州二〇二六年冬至前夜备份箱在南湖边"],
)
def test_words_that_nobody_else_chose_are_good_enough(secret: str) -> None:
    assert weakness(secret) is None


def test_what_chance_made_is_never_called_weak() -> None:
    made = [secrets.token_urlsafe(32) for _ in range(500)] + [secrets.token_hex(16) for _ in range(500)]

    assert [secret for secret in made if weakness(secret)] == []
