"""An officer with a code in hand: every way in, every verdict, what is recorded, what is refused."""

from io import BytesIO

import pytest
from PIL import Image

from hub import config
from hub.codes.dynamic import new_dynamic
from hub.codes.pictures import MAX_PICTURE_BYTES
from hub.codes.plates import service
from hub.codes.plates.queries import PlateView, plate_of, scans_by
from hub.codes.printing import plate_face, png
from hub.codes.rules import PlateAction
from hub.config import Settings
from hub.ends.enforcement.scanning import PictureMissingError
from hub.kernel.actor import Actor, Role
from hub.kernel.database import Database
from signing import new_plate_id
from tests.support.browser import Browser
from tests.support.plates import OPERATOR, OWNER, USCC, lay_plate, press_of
from tests.support.spaces import add_space

PAGES = ("/enforcement/", "/enforcement/scan", "/enforcement/certificate", f"/enforcement/enterprises/{USCC}")
POSTS = (
    ("/enforcement/scan", {"text": "P1.X.Y.Z"}),
    ("/enforcement/plate", {"plate": "7K2M9QXT4R"}),
    ("/enforcement/picture", {}),
    (f"/enforcement/enterprises/{USCC}/look", {"purpose": "routine"}),
)
BEYOND = ("未办", "行政处罚", "一般项目")  # what nobody sees without a purpose


@pytest.fixture
def plate(db: Database, settings: Settings) -> PlateView:
    main, _ = add_space(db)
    return lay_plate(main, press=press_of(settings), now=config.now(), db=db)


@pytest.fixture
def officer(browser: Browser, plate: PlateView) -> Browser:  # noqa: ARG001  # the city exists first
    browser.login(Role.OFFICER)
    return browser


def shown(settings: Settings) -> str:
    return new_dynamic(USCC, press=press_of(settings), seconds=60, by=OWNER, now=config.now()).text


def test_every_page_opens_for_an_officer_in_both_languages(officer: Browser) -> None:
    for path in PAGES:
        assert officer.get(path).status_code == 200
        assert officer.get(f"{path}?lang=en").status_code == 200


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.AGENT, Role.OFFICIAL, Role.AUDITOR])
def test_to_every_other_role_no_page_exists(browser: Browser, plate: PlateView, role: Role) -> None:
    browser.login(role, uscc=plate.uscc)

    for path in PAGES:
        assert browser.get(path).status_code == 404
    for path, form in POSTS:
        assert browser.post(path, form).status_code == 404


def test_an_anonymous_visitor_is_asked_to_log_in(browser: Browser) -> None:
    for path in PAGES:
        assert browser.get(path).location.startswith("/access/login")


def test_nothing_is_done_without_the_form_token(officer: Browser) -> None:
    headers = {"Origin": officer.base, "Accept": "text/html"}

    for path, form in POSTS:
        assert officer.client.post(path, base_url=officer.base, data=form, headers=headers).status_code == 403


def test_only_the_scan_page_may_use_the_camera_and_compile_the_reader(officer: Browser) -> None:
    scan, home = officer.get("/enforcement/scan"), officer.get("/enforcement/")

    assert "camera=(self)" in scan.headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in scan.headers["Content-Security-Policy"]
    assert "camera=()" in home.headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" not in home.headers["Content-Security-Policy"]


def test_a_scanned_plate_tells_the_public_view_and_nothing_more(officer: Browser, plate: PlateView) -> None:
    page = officer.post("/enforcement/scan", {"text": plate.text})

    assert page.status_code == 200
    for said in (
        "衢州示例餐饮有限公司",
        USCC,
        "荷花店",
        "荷花一路12号",
        plate.grouped_id,
        "查看事由",
        "核验时间",
    ):
        assert said in page.text
    for hidden in BEYOND:
        assert hidden not in page.text


def test_a_scan_is_on_record_before_the_answer_and_stands_on_the_first_page(
    browser: Browser, db: Database, plate: PlateView
) -> None:
    actor = browser.login(Role.OFFICER)

    browser.post("/enforcement/scan", {"text": plate.text})

    assert [scan.plate_id for scan in scans_by(actor.person_id, db=db)] == [plate.plate_id]
    assert "衢州示例餐饮有限公司" in browser.get("/enforcement/").text


def test_a_colleague_does_not_see_my_scans(app: object, browser: Browser, plate: PlateView) -> None:
    browser.login(Role.OFFICER)
    browser.post("/enforcement/scan", {"text": plate.text})
    colleague = Browser(app)  # type: ignore[arg-type]  # the application fixture
    colleague.login(Role.OFFICER)

    assert "还没有扫码记录" in colleague.get("/enforcement/").text


def test_a_code_opened_by_its_address_gives_the_verdict(officer: Browser, plate: PlateView) -> None:
    opened = officer.get("/c/" + plate.text.rpartition("/")[2])

    assert opened.status_code == 303
    assert opened.location.startswith("/enforcement/code/")
    assert "衢州示例餐饮有限公司" in officer.get(opened.location).text


def test_a_shown_code_is_used_once_and_the_second_use_is_told(officer: Browser, settings: Settings) -> None:
    text = shown(settings)

    first = officer.post("/enforcement/scan", {"text": text})
    second = officer.post("/enforcement/scan", {"text": text})

    assert "衢州示例餐饮有限公司" in first.text
    assert "已用过" in second.text
    assert "出示码已被使用过" in second.text
    assert "衢州示例餐饮有限公司" not in second.text


def test_opening_the_address_of_a_shown_code_does_not_use_it_up(officer: Browser, settings: Settings) -> None:
    text = shown(settings)
    page = officer.get("/enforcement/code/" + text.rpartition("/")[2])

    assert "核验此码" in page.text
    assert "衢州示例餐饮有限公司" in officer.post("/enforcement/scan", {"text": text}).text


@pytest.mark.parametrize(
    ("text", "word", "host"),
    [
        ("https://hub-yizhao.example/c/P1.X.Y", "非官方码", "hub-yizhao.example"),
        ("https://127.0.0.1:8000@evil.example/c/P1.X.Y", "非官方码", "evil.example"),
        ("https://衢州.example/c/P1.X.Y", "不是真码", "衢州.example".encode("idna").decode()),
        ("weixin://wxpay/bizpayurl?pr=1", "非官方码", "wxpay"),
        ("你好", "不是真码", None),
        ("P1.X.Y.Z", "不是真码", None),
    ],
)
def test_a_foreign_code_is_refused_and_its_host_shown(
    officer: Browser, text: str, word: str, host: str | None
) -> None:
    page = officer.post("/enforcement/scan", {"text": text})

    assert f'<h1 id="verdict">{word}</h1>' in page.text
    assert ('class="host"' in page.text) is (host is not None)
    assert f'<p class="host">{host}</p>' in page.text or host is None
    assert "查看事由" not in page.text


def test_a_suspended_plate_says_that_it_is_not_in_use(
    officer: Browser, db: Database, plate: PlateView
) -> None:
    service.change_plate(plate.plate_id, action=PlateAction.SUSPEND, by=OPERATOR, now=config.now(), db=db)

    page = officer.post("/enforcement/scan", {"text": plate.text})

    assert "码牌未在用" in page.text
    assert "衢州示例餐饮有限公司" not in page.text


@pytest.mark.parametrize("spelled", ["{}", "{:.5} {:5.5}", "lower", " {} "])
def test_a_typed_number_is_read_however_it_is_spelled(
    officer: Browser, plate: PlateView, spelled: str
) -> None:
    number = plate.plate_id
    typed = {
        "lower": number.lower(),
        "{:.5} {:5.5}": f"{number[:5]}-{number[5:]}",
        " {} ": f" {number} ",
    }.get(spelled, number)

    assert "衢州示例餐饮有限公司" in officer.post("/enforcement/plate", {"plate": typed}).text


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("123", "编号有误"),
        ("!!!!!!!!!!", "编号有误"),
        ("0000000001", "编号有误"),
        (new_plate_id(lambda count: b"\x11" * count), "码牌未在用"),
    ],
)
def test_a_number_that_no_plate_has_is_told_and_can_be_corrected(
    officer: Browser, typed: str, word: str
) -> None:
    page = officer.post("/enforcement/plate", {"plate": typed})

    assert word in page.text
    assert f'value="{typed}"' in page.text


def test_guessing_numbers_ends_after_thirty_tries_a_minute(officer: Browser) -> None:
    answers = {officer.post("/enforcement/plate", {"plate": "0000000000"}).status_code for _ in range(40)}

    assert answers == {200, 429}


def picture_of(plate: PlateView, settings: Settings, db: Database) -> bytes:
    row = plate_of(plate.plate_id, db=db)
    assert row is not None
    return png(plate_face(row, base_url=settings.base_url, demo=False))


def test_a_photograph_is_read_on_the_server_when_the_browser_cannot(
    officer: Browser, plate: PlateView, settings: Settings, db: Database
) -> None:
    photograph = (BytesIO(picture_of(plate, settings, db)), "plate.png")

    assert "衢州示例餐饮有限公司" in officer.post("/enforcement/picture", {"picture": photograph}).text


def bomb() -> bytes:
    out = BytesIO()
    Image.new("1", (40_000, 40_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是可以读取的照片"),
        (b"GIF89a" + bytes(100), "不是可以读取的照片"),
        (b"%PDF-1.7", "不是可以读取的照片"),
        (bomb(), "照片过大"),
    ],
    ids=["empty", "broken", "pdf", "too many points"],
)
def test_what_is_no_photograph_is_refused_with_a_sentence(
    officer: Browser, content: bytes, said: str
) -> None:
    answer = officer.post("/enforcement/picture", {"picture": (BytesIO(content), "x.png")})

    assert answer.status_code == 422
    assert said in answer.text


def test_a_photograph_of_more_than_eight_megabytes_is_refused(officer: Browser) -> None:
    officer.get("/enforcement/scan")
    head = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="x.png"\r\n\r\n'
    body = head + bytes(MAX_PICTURE_BYTES + 1) + b"\r\n--x--\r\n"

    answer = officer.client.post(
        "/enforcement/picture",
        base_url=officer.base,
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": officer.base, "Accept": "text/html", "X-CSRF-Token": officer.csrf},
    )

    assert answer.status_code == 422
    assert "照片过大" in answer.text


def test_a_photograph_without_a_code_says_what_to_do(officer: Browser) -> None:
    out = BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "JPEG")

    answer = officer.post("/enforcement/picture", {"picture": (BytesIO(out.getvalue()), "x.jpg")})

    assert answer.status_code == 422
    assert "没有读到二维码" in answer.text


def test_no_picture_at_all_is_told(officer: Browser) -> None:
    assert PictureMissingError.zh in officer.post("/enforcement/picture").text


def test_the_certificate_shows_name_number_and_department(browser: Browser) -> None:
    actor: Actor = browser.login(Role.OFFICER, name="林知远", department="柯城区市场监督管理局")
    page = browser.get("/enforcement/certificate").text

    for said in (actor.name, "柯城区市场监督管理局", "TEST-0001"):
        assert said in page
