"""One text, one answer: every door is asked the same, and says the same."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask

from hub import config
from hub.cli.bundle import bundle
from hub.cli.context import HubContext
from hub.cli.verify import CANNOT_TELL, verify
from hub.codes.rules import REASONS
from hub.config import Settings
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.applications import create_app
from tests.support.browser import Browser
from tests.support.judged import Case, Work, in_node
from tests.support.photographs import beside, clear, drawn, written
from tests.support.plates import add_plate
from tests.support.scanned_texts import BASE, GENUINE, Scanned, scanned_texts

NAME = "衢州示例餐饮有限公司"
VERIFY = "/api/v1/verifications"
NOT_TOLD = "refused"  # at doors that do not tell a stranger why
QR_CHARS = 1_000
Door = Callable[[Scanned], str | None]


class Doors:
    """Each gives the reason of a refusal or OK; None where this text cannot come through this door."""

    def __init__(self, app: Flask, environ: Mapping[str, str], folder: Path) -> None:
        self._client = app.test_client(use_cookies=False)
        self._client.post(VERIFY, json={"code": "x"})  # the fast path has learnt its headers
        self._officer = Browser(app)
        self._officer.login(Role.OFFICER)
        self._environ = {**environ, "XDG_STATE_HOME": str(folder / "state")}
        self._folder = folder
        self._hub = HubContext()
        self.bundle = folder / "bundle.json"
        made = self._run(bundle, "--out", self.bundle, "--json")
        self._root = json.loads(made.output)["root"]

    def table(self) -> dict[str, Door]:
        return {
            "fast path": lambda one: self._told({"code": one.text}),
            "API": lambda one: self._told({"code": one.text, "algorithms": ["ES256", "SM2"]}),
            "batch": self.batch,
            "page": self.page,
            "officer's form": self.form,
            "officer's photo": self.photo,
            "officer's photo on a clear ground": self.clear_photo,
            "command line": lambda one: self._said(one.text),
            "file": self.file,
            "picture": self.picture,
            "offline": lambda one: self._said(one.text, "--offline", "--bundle", self.bundle, "--root", self._root),
        }  # fmt: skip

    def close(self) -> None:
        self._hub.close()

    def _told(self, asked: Mapping[str, object]) -> str:
        return _answer(self._client.post(VERIFY, json=asked, base_url=BASE).get_json())

    def batch(self, one: Scanned) -> str:
        items = [{"code": "P1.X"}, {"code": one.text}, {"code": "P1.Y"}]
        return _answer(
            self._client.post(f"{VERIFY}/batch", json={"items": items}, base_url=BASE).get_json()["items"][1]
        )

    def page(self, one: Scanned) -> str | None:
        """What a browser makes of an address: escapes stay, the fragment never leaves it."""
        if not one.has_page:
            return None
        path = one.text.partition("#")[0][len(BASE) :]
        answer = self._client.get(path, base_url=BASE)
        return GENUINE if NAME in answer.text and answer.status_code == 200 else NOT_TOLD

    def form(self, one: Scanned) -> str | None:
        return self._seen(self._officer.post("/enforcement/scan", {"text": one.text}).text)

    def photo(self, one: Scanned) -> str | None:
        return self._pictured(one, lambda: written(drawn(one.text, pixels=3)))

    def clear_photo(self, one: Scanned) -> str | None:
        return self._pictured(one, lambda: written(clear(one.text)))

    def _pictured(self, one: Scanned, made: Callable[[], bytes]) -> str | None:
        if not _is_drawable(one.text):
            return None
        sent = {"picture": (BytesIO(made()), "plate.png")}
        return self._seen(self._officer.post("/enforcement/picture", sent).text)

    def _seen(self, page: str) -> str:
        if NAME in page:
            return GENUINE
        return next(code for code, said in REASONS.items() if said.zh in page and code.startswith("CODE_"))

    def file(self, one: Scanned) -> str:
        path = self._folder / "code.txt"
        path.write_text(one.text, encoding="utf-8", newline="")
        return self._said(str(path))

    def picture(self, one: Scanned) -> str | None:
        if not _is_drawable(one.text):
            return None
        path = self._folder / "code.png"
        path.write_bytes(written(drawn(one.text, pixels=3)))
        return self._said(str(path))

    def _said(self, text: str, *more: object) -> str:
        ran = self._run(verify, "--json", *more, "--", text)
        assert ran.exit_code in {0, 1, 2}, ran.output
        document = json.loads(ran.stdout.splitlines()[0])
        is_genuine = ran.exit_code in {0, 1}
        return GENUINE if is_genuine else document["reasons"][0]

    def _run(self, command: object, *arguments: object) -> object:
        return CliRunner(env=self._environ).invoke(command, [str(each) for each in arguments], obj=self._hub)  # type: ignore[arg-type]  # click's own


def _answer(document: Mapping[str, object]) -> str:
    reasons: list[str] = document["reasons"]  # type: ignore[assignment]  # of a verdict
    return GENUINE if document["genuine"] else reasons[0]


def _is_drawable(text: str) -> bool:
    return text.isascii() and len(text) <= QR_CHARS


@pytest.fixture
def plate(db: Database, settings: Settings) -> str:
    return add_plate(db, settings).text


@pytest.fixture
def doors(settings: Settings, environ: dict[str, str], tmp_path: Path, plate: str) -> Iterator[Doors]:
    assert plate
    app = create_app(replace(settings, rate_factor=1_000))  # five hundred questions in a minute
    made = Doors(app, environ, tmp_path)
    yield made
    made.close()


def test_every_door_gives_one_answer_to_one_text(doors: Doors, plate: str) -> None:
    texts = scanned_texts(plate)
    wrong = []
    for name, door in doors.table().items():
        for one in texts:
            said = door(one)
            if said is not None and said != one.answer and not (said == NOT_TOLD and one.answer != GENUINE):
                wrong.append((name, one.name, one.answer, said))

    assert wrong == []
    assert len(texts) >= 60


def test_the_javascript_verifier_gives_the_same_answer(doors: Doors, plate: str) -> None:
    texts = scanned_texts(plate)
    document = json.loads(doors.bundle.read_text())
    policy = {"jwks": {"keys": []}, "bundle": document}
    cases = [Case(one.name, "scanned", one.text, config.now(), one.answer) for one in texts]
    work = Work({"ours": policy}, cases)

    assert work.disagreements(in_node(work)) == []


def test_beside_other_codes_ours_counts_and_the_others_are_named(doors: Doors, plate: str) -> None:
    picture = written(beside("wxp://f2f0abcdefghijk", plate, "https://qr.alipay.com/fkx1?b=2"))
    page = doors._officer.post("/enforcement/picture", {"picture": (BytesIO(picture), "plate.png")}).text
    path = doors._folder / "counter.png"
    path.write_bytes(picture)
    ran = doors._run(verify, str(path))

    assert NAME in page
    for named in ("wxp://f2f0abcdefghijk", "https://qr.alipay.com"):
        assert named in page
        assert named in ran.stderr  # type: ignore[attr-defined]  # click's result
    assert "fkx1" not in page
    assert ran.exit_code == 0  # type: ignore[attr-defined]  # as above


def test_of_several_codes_of_ours_the_worst_counts(doors: Doors, plate: str) -> None:
    picture = written(beside(plate, plate[:-9] + "AAAAAAAA" + plate[-1]))
    page = doors._officer.post("/enforcement/picture", {"picture": (BytesIO(picture), "plate.png")}).text
    path = doors._folder / "two.png"
    path.write_bytes(picture)

    assert NAME not in page
    assert REASONS["CODE_SIGNATURE"].zh in page
    assert doors._run(verify, str(path)).exit_code == 2  # type: ignore[attr-defined]  # click's result


def test_several_texts_of_a_camera_are_sorted_out_like_those_of_a_picture(doors: Doors, plate: str) -> None:
    browser = doors._officer
    data = {"text": ["wxp://f2f0abc", f"{plate}?from=x"], "_csrf": browser._token()}
    page = browser.client.post(
        "/enforcement/scan", base_url=browser.base, data=data, headers={"Origin": browser.base}
    )

    assert NAME in page.text
    assert "wxp://f2f0abc" in page.text


@pytest.mark.parametrize("quoted", [" {}", "{}%20", "%EF%BB%BF{}"])
def test_the_public_page_forgives_what_a_browser_escapes(doors: Doors, plate: str, quoted: str) -> None:
    bare = plate.rpartition("/")[2]

    assert NAME in doors._client.get("/c/" + quoted.format(bare).replace(" ", quote(" ")), base_url=BASE).text


def test_an_editors_byte_order_mark_changes_neither_a_bundle_nor_a_text(doors: Doors, plate: str) -> None:
    marked = doors._folder / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + doors.bundle.read_bytes())

    assert doors._said(plate, "--offline", "--bundle", marked, "--root", doors._root) == GENUINE
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        wide = doors._folder / f"{encoding}.txt"
        wide.write_text(f"{plate}\r\n", encoding=encoding)
        assert doors._said(str(wide)) == GENUINE


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        b"\xef\xbb\xbf%PDF-1.4\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\n <?xml version='1.0'?>\n<svg/>",
        b"<!doctype html><title>x</title>",
    ],
)
@pytest.mark.parametrize("name", ["plate.pdf", "plate.svg", "plate", "plate.txt"])
def test_a_document_is_no_text_so_nothing_can_be_told(doors: Doors, content: bytes, name: str) -> None:
    path = doors._folder / name
    path.write_bytes(content)

    done = doors._run(verify, path)

    assert done.exit_code == CANNOT_TELL
    assert str(path) in done.output
