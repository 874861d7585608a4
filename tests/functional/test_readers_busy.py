"""While every parser is at work or none can be started, who sends a photograph is told so, and may try again."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from hub.kernel.actor import Role
from hub.kernel.sandbox.client import AT_ONCE
from hub.web.context import EXTENSION, Services
from tests.integration.test_sandbox import LIMITS
from tests.support import parsers
from tests.support.browser import Browser


def photograph() -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", (40, 40)).save(out, "PNG")
    out.seek(0)
    return out, "plate.png"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "正在读取的文件过多，请稍后再试。"), ("en", "Too many files are being read")],
)
def test_a_photograph_that_finds_every_parser_at_work_is_refused_with_the_reason_and_read_later(
    app: Flask, language: str, sentence: str
) -> None:
    officer = Browser(app)
    officer.login(Role.OFFICER)
    services: Services = app.extensions[EXTENSION]
    taken = [services.sandbox.stream(parsers.sleeping, b"", limits=LIMITS) for _ in range(AT_ONCE)]
    for one in taken:
        next(one)
    answer = officer.post(
        "/enforcement/picture", {"picture": photograph()}, headers={"Accept-Language": language}
    )
    for one in taken:
        one.close()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert sentence in answer.text
    assert officer.post("/enforcement/picture", {"picture": photograph()}).status_code == 422
