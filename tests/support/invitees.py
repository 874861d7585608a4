"""A person with an enrolment link and a phone, for tests of the passkey ceremonies."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from hub import config
from hub.access.service import Post, invite
from hub.kernel.actor import Operator, Role
from hub.web.context import EXTENSION
from tests.support.authenticator import Authenticator
from tests.support.browser import Browser

ORIGIN = "http://localhost:8000"  # where a hub at 127.0.0.1 speaks to authenticators
DEPARTMENT = "示范市市场监督管理局"


@dataclass
class Invitee:
    browser: Browser
    path: str
    phone: Authenticator
    appointment: UUID

    def options(self) -> dict[str, object]:
        answer = self.browser.json(f"{self.path}/options")
        assert answer.status_code == 200, answer.text
        document: dict[str, object] = answer.get_json()
        return document

    def enrol(self, credential: dict[str, object]) -> TestResponse:
        return self.browser.json(self.path, {"credential": credential, "label": "我的手机"})

    def login_options(self) -> dict[str, object]:
        document: dict[str, object] = self.browser.json("/access/login/options").get_json()
        return document

    def log_in(self, credential: dict[str, object], target: str = "") -> TestResponse:
        return self.browser.json("/access/login", {"credential": credential, "next": target})


def invited(app: Flask, *, name: str = "李明") -> Invitee:
    services = app.extensions[EXTENSION]
    made = invite(
        Post(Role.OFFICER, department=DEPARTMENT, certificate_no="TEST-1"),
        name=name,
        by=Operator("test"),
        base_url=services.settings.base_url,
        now=config.now(),
        db=services.db,
    )
    assert made.link.startswith(ORIGIN)
    browser = Browser(app, base=ORIGIN)
    return Invitee(browser, urlsplit(made.link).path, Authenticator(ORIGIN), made.appointment_id)
