"""Every answer that one audience can get: all routes of the application, filled in with what was planted."""

import base64
import io
import re
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress

from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub.access.matrix import Audience
from hub.kernel.actor import Role
from signing.bundle import read_bundle
from tests.support.browser import Browser
from tests.support.categories import AREA, REGION, Planted

ROLES: Mapping[Audience, tuple[Role | None, ...]] = {
    Audience.PUBLIC: (None,),
    Audience.ENTERPRISE: (Role.OWNER, Role.MANAGER, Role.AGENT),
    Audience.ENFORCEMENT: (Role.OFFICER,),
    Audience.GOVERNMENT: (Role.OFFICIAL, Role.AUDITOR),
}
QUERIES: Mapping[str, tuple[str, ...]] = {  # what an address may ask for besides
    "public.code_page": ("?all=1", "?all=1&lang=en"),
    "enforcement.enterprise": ("", "?lang=en"),
    "government.enterprise": ("", "?lang=en"),
    "government.enterprises": ("", "?q=金丝雀"),
    "government.area": (f"?name={AREA}",),
    "government.sheets": (f"?name={AREA}",),
    "government.scope": ("", "?kind=guessed"),
    "government.proposals": ("", "?state=settled"),
    "government.exceptions": ("", "?state=ended"),
    "bundles.bundle": ("", f"?region={REGION}"),
}
_FORMS = re.compile(r"<any\(([^)]*)\):(\w+)>")
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_TOKEN_PART = re.compile(r"[A-Za-z0-9_-]{24,}")
NOT_WALKED = frozenset(  # files of the program, and one-time links that lead to an account and to no data
    {
        "static",
        "enforcement.static",
        "enterprise.static",
        "government.static",
        "verifier.static",
        "access.enrolment_page",
        "access.link_page",
    }
)


def visitor(app: Flask, role: Role | None, planted: Planted) -> Browser:
    """Somebody of this role with everything opened that the role may open: a look that stands, a county carried."""
    browser = Browser(app)
    if role is not None:
        browser.login(role, uscc=planted.uscc, name="漫游者")
    opened = {"uscc": planted.uscc, "purpose": "routine", "reason": ""}
    if role in {Role.OFFICER, Role.OFFICIAL}:
        assert browser.json("/api/v1/looks", opened).status_code == 201
        assert browser.json("/api/v1/carryings", {"region": REGION, "purpose": "routine"}).status_code == 201
    return browser


def walk(
    app: Flask, browser: Browser, role: Role | None, planted: Planted, *, only: Container[str] | None = None
) -> dict[str, str]:
    """What every address answers, by address; only answers, no refusals. `only`: these addresses alone."""
    found: dict[str, str] = {}
    digest = shard_of(browser)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_WALKED:
            continue
        for path in addresses(rule, planted, digest=digest):
            if only is not None and path not in only:
                continue
            answer = browser.get(path)
            assert answer.status_code < 500 or rule.endpoint == "home.ready", (path, answer.text)
            if answer.status_code == 200:
                found[path] = text_of(answer)
    return found | {name: text_of(answer) for name, answer in posted(browser, role, planted).items()}


def shard_of(browser: Browser) -> str:
    """The name of a shard of the public table of plates, as the bundle says it."""
    packed = text_of(browser.get("/api/v1/bundle"))
    found = _DIGEST.search(packed)
    return "0" * 64 if found is None else found[0]


def addresses(rule: Rule, planted: Planted, *, digest: str) -> Iterator[str]:
    """The addresses of a rule. Raises: KeyError for a part of an address that nobody gave a value here."""
    values = {
        **{name: str(getattr(planted, name)) for name in Planted.__dataclass_fields__},
        "extension": "pdf",
        "filename": "",
        "level": "0",
        "number": "000",
        "receipt": str(planted.report_id),
        "type_code": "food-operation",
        "reason": "NOT_FOUND",
        "proposal_id": str(planted.exception_id),
        "digest": digest,
        "subject": str(planted.license_id),
    }
    if rule.endpoint == "statuses.status_list":
        values["number"] = "1"
    if rule.endpoint == "credential-types.type_document":
        values["code"] = "food-operation"
    if (chosen := _FORMS.search(rule.rule)) is not None:
        shapes = [rule.rule.replace(chosen[0], form.strip()) for form in chosen[1].split(",")]
    else:
        shapes = [rule.rule]
    for shape in shapes:
        path = re.sub(r"<(?:[^:<>]*:)?(\w+)>", lambda part: values[part[1]], shape)
        for query in QUERIES.get(rule.endpoint, ("",)):
            yield path + query


def posted(browser: Browser, role: Role | None, planted: Planted) -> dict[str, TestResponse]:
    """Answers that are not asked for by an address alone."""
    text = f"{browser.base}/c/{planted.code}"
    answers = {
        "verification": browser.json("/api/v1/verifications", {"code": text}),
        "batch": browser.json("/api/v1/verifications/batch", {"items": [{"code": text}, {"code": text}]}),
    }
    match role:
        case Role.OWNER | Role.MANAGER | Role.AGENT:
            license_id = planted.license_id
            answers["signed.pdf"] = browser.post(f"/enterprise/licenses/{license_id}/signed.pdf")
            answers["credential"] = browser.post(f"/enterprise/credentials/{license_id}.txt")
        case Role.OFFICER:
            answers["scan"] = browser.post("/enforcement/scan", {"text": text})
            answers["typed"] = browser.post("/enforcement/plate", {"plate": planted.plate_id})
    assert all(answer.status_code < 500 for answer in answers.values())
    return {name: answer for name, answer in answers.items() if answer.status_code == 200}


def text_of(answer: TestResponse) -> str:
    """All that can be read in an answer, whatever it is packed in."""
    body = answer.data
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK\x03\x04"):
        book = load_workbook(io.BytesIO(body))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    text = body.decode("utf-8", "replace")
    if answer.mimetype == "application/json" and '"bundle"' in text:
        with suppress(Exception):  # no bundle after all
            text += str(read_bundle(answer.get_json()).district)
    return "\n".join((text, *_unpacked(text)))


def _unpacked(text: str) -> Iterator[str]:
    """What stands in the parts of tokens: base64url, and compressed or not."""
    for part in set(_TOKEN_PART.findall(text)):
        try:
            raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            continue
        yield raw.decode("utf-8", "ignore")
        for wbits in (15, -15, 31):
            with suppress(zlib.error):
                yield zlib.decompress(raw, wbits).decode("utf-8", "ignore")
