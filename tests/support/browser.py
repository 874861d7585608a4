"""A browser for functional tests: keeps cookies, sends Origin, finds the form token, logs in without ceremony."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from hub import config
from hub.access.models import Appointment, Person
from hub.access.remits import WHOLE_CITY, RemitInput
from hub.access.sessions import open_session
from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Role
from hub.kernel.ids import new_handle, new_id
from hub.web.context import EXTENSION, Services, cookie_name
from tests.support.remits import serve

_TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)"|name="_csrf" value="([^"]+)"')


class Browser:
    """One visitor. `services` are those of the application itself: nothing is replaced."""

    def __init__(self, app: Flask, *, base: str | None = None) -> None:
        self.services: Services = app.extensions[EXTENSION]
        self.client = app.test_client()
        self.base = base or self.services.settings.base_url
        self.csrf = ""

    def login(
        self,
        role: Role,
        *,
        uscc: str | None = None,
        department: str = "示范市市场监督管理局",
        name: str = "测试员",
        now: datetime | None = None,
        remit: RemitInput = WHOLE_CITY,
    ) -> Actor:
        """A person in `role`, appointed and logged in at once; the session row and cookie are real ones."""
        moment = now or config.now()
        place = uscc if role in ENTERPRISE_ROLES else None
        office = None if role in ENTERPRISE_ROLES else department
        person = Person(id=new_id(moment), name=name, user_handle=new_handle(), created_at=moment)
        appointment = Appointment(
            person_id=person.id,
            id=new_id(moment),
            role=role,
            uscc=place,
            department=office,
            certificate_no="TEST-0001" if role is Role.OFFICER else None,
            valid_from=moment,
            valid_to=None,
            ended_at=None,
            by="test",
        )
        with self.services.db.write() as session:
            session.add_all([person, appointment])
            opened = open_session(session, appointment, method="passkey", now=moment)
        self.set_session(opened.token)
        self.appointment_id: UUID = appointment.id
        actor = Actor(person.id, name, role, uscc=place, department=office)
        serve(actor, db=self.services.db, given=remit)
        return actor

    def set_session(self, token: str) -> None:
        host = urlsplit(self.base).hostname or ""
        self.client.set_cookie(cookie_name(self.services.settings), token, domain=host)
        self.csrf = ""

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> TestResponse:
        sent = {"Accept": "text/html", "Accept-Language": "zh-CN", **(headers or {})}
        response = self.client.get(path, base_url=self.base, headers=sent, buffered=True)
        if response.mimetype == "text/html" and (found := _TOKEN.search(response.text)):
            self.csrf = found[1] or found[2]
        return response

    def post(
        self, path: str, form: Mapping[str, object] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Post a form as the page would; multipart when it holds files (tuples)."""
        data = {**(form or {}), "_csrf": self._token()}
        sent = {"Accept": "text/html", "Origin": self.base, **(headers or {})}
        return self._noted(self.client.post(path, base_url=self.base, data=data, headers=sent, buffered=True))

    def json(
        self, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Post JSON as our own scripts do."""
        sent = {
            "Accept": "application/json",
            "Origin": self.base,
            "X-CSRF-Token": self._token(),
            **(headers or {}),
        }
        answer = self.client.post(
            path, base_url=self.base, json={} if body is None else body, headers=sent, buffered=True
        )
        return self._noted(answer)

    def delete(self, path: str, *, headers: Mapping[str, str] | None = None) -> TestResponse:
        """As our own scripts do."""
        sent = {
            "Accept": "application/json",
            "Origin": self.base,
            "X-CSRF-Token": self._token(),
            **(headers or {}),
        }
        return self._noted(self.client.delete(path, base_url=self.base, headers=sent, buffered=True))

    def _noted(self, answer: TestResponse) -> TestResponse:
        name = cookie_name(self.services.settings)
        if any(cookie.startswith(f"{name}=") for cookie in answer.headers.getlist("Set-Cookie")):
            self.csrf = ""  # another session: the pages seen before are of no use
        return answer

    def _token(self) -> str:
        if not self.csrf:
            self.get("/")
        return self.csrf
