"""The published status lists over HTTP: what departments deliver and people do is there after the worker's turn."""

import os
import shutil
import subprocess
import sys
import time
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from flask import Flask
from sqlalchemy import select, update

from hub import config
from hub.cli.duties import DUTIES, Worker
from hub.codes.plates import service
from hub.codes.rules import PlateAction, PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from hub.registry.models import Premises
from hub.trust.keys.issuer import FollowingIssuer, open_ring, ring_folder
from hub.trust.statuses.models import StatusPublication
from hub.trust.statuses.rules import SubjectKind
from hub.web.context import EXTENSION, Services
from keys import KeysError
from keys.ring_file import RING_FILE
from tests.support.feed_shapes import MARKET_HEADER, credit_code, csv_bytes
from tests.support.loading import load
from tests.support.plates import OPERATOR, lay_plate, owner_of, press_of
from tests.support.reference import TABLES
from tests.support.statuses import reference_of

CODE = credit_code(1)
WAIT_SECONDS = 60  # a bound for a broken worker, not a measure of a good one
STATUS_DUTY = next(duty for duty in DUTIES if duty.name == "statuses")


@pytest.fixture
def worker(app: Flask) -> Worker:
    services: Services = app.extensions[EXTENSION]
    return Worker(services.db, services.settings, services.issuer, tables=TABLES)


@pytest.fixture
def plate(db: Database, settings: Settings, tmp_path: Path) -> str:
    """The plate of an enterprise that a department delivered."""
    deliver(db, tmp_path, state="存续", approved="2024-01-01")
    with db.read() as session:
        premises_id = session.scalars(select(Premises.id)).one()
    made = lay_plate(premises_id, press=press_of(settings), now=config.now(), db=db)
    return made.plate_id


def deliver(db: Database, folder: Path, *, state: str, approved: str) -> None:
    row = [CODE, "柯城试验商行", "有限责任公司", "张三", "50", "2020-01-01", "长期", "柯城区市场监督管理局", state,
           "浙江省衢州市柯城区试验路1号", "330802", "F5299", "日用百货销售", approved]  # fmt: skip
    path = folder / f"market-{approved}.csv"
    path.write_bytes(csv_bytes(MARKET_HEADER, [row]))
    assert load(db, path).accepted == 1


def read_as_a_stranger(app: Flask, path: str, idx: int) -> int:
    """With PyJWT, zlib and the two public addresses, nothing of ours."""
    client = app.test_client()
    token = client.get(path).text
    keys = jwt.PyJWKSet.from_dict(client.get("/.well-known/jwks.json").get_json())
    key = next(key for key in keys.keys if key.key_id == jwt.get_unverified_header(token)["kid"])
    claims = jwt.decode(token, key.key, algorithms=["ES256"], options={"verify_iat": False})
    assert jwt.get_unverified_header(token)["typ"] == "statuslist+jwt"
    assert claims["sub"].endswith(path)
    lst = claims["status_list"]["lst"]
    packed = zlib.decompress(urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
    return packed[idx // 4] >> 2 * (idx % 4) & 3


def test_what_a_department_delivers_is_on_the_list_after_the_worker_ran(
    app: Flask, db: Database, worker: Worker, plate: str, tmp_path: Path
) -> None:
    at = reference_of(db, CODE, SubjectKind.PLATE, plate)
    seen = []
    for state, approved in (("歇业", "2025-01-01"), ("吊销,未注销", "2025-02-01"), ("存续", "2025-03-01")):
        deliver(db, tmp_path, state=state, approved=approved)
        STATUS_DUTY.run(worker, config.now())
        seen.append(read_as_a_stranger(app, at.uri, at.idx))

    assert seen == [0, 1, 0]


def test_what_is_done_with_a_plate_is_on_the_list_after_the_worker_ran(
    app: Flask, db: Database, worker: Worker, plate: str
) -> None:
    at = reference_of(db, CODE, SubjectKind.PLATE, plate)
    seen = []
    for action in (PlateAction.PLACE, PlateAction.REPORT_LOST, PlateAction.FIND):
        service.change_plate(plate, action=action, by=owner_of(CODE), now=config.now(), db=db)
        STATUS_DUTY.run(worker, config.now())
        seen.append(read_as_a_stranger(app, at.uri, at.idx))
    service.end_plate(plate, reason=PlateEnd.COPIED, by=OPERATOR, now=config.now(), db=db)
    STATUS_DUTY.run(worker, config.now())

    assert [*seen, read_as_a_stranger(app, at.uri, at.idx)] == [0, 2, 0, 1]


def test_an_unchanged_list_costs_nothing_and_a_changed_one_is_sent(
    app: Flask, db: Database, worker: Worker, plate: str
) -> None:
    client = app.test_client()
    STATUS_DUTY.run(worker, config.now())
    first = client.get("/status/1")
    again = client.get("/status/1", headers={"If-None-Match": first.headers["ETag"]})
    service.end_plate(plate, reason=PlateEnd.COPIED, by=OPERATOR, now=config.now(), db=db)
    STATUS_DUTY.run(worker, config.now())
    changed = client.get("/status/1", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.content_type) == (200, "application/statuslist+jwt")
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    for response in (first, again, changed):
        assert response.headers["Cache-Control"] == "public, max-age=3"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in response.headers


@pytest.mark.usefixtures("plate")
def test_a_list_that_is_not_there_is_not_found(app: Flask, worker: Worker) -> None:
    client = app.test_client()
    assert client.get("/status/1").status_code == 404  # made, and not yet published
    STATUS_DUTY.run(worker, config.now())

    assert client.get("/status/1").status_code == 200
    for path in ("/status/2", "/status/0", "/status/01", "/status/-1", "/status/999999999", "/status/9999999999",
                 "/status/1/", "/status/", "/status/1.json", "/status/%31%20", "/status/１"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_keys_the_hub_serves_the_last_list_until_that_expires(
    app: Flask, db: Database, settings: Settings, plate: str
) -> None:
    folder = ring_folder(settings).path
    following = FollowingIssuer(lambda: open_ring(settings), watched=folder / RING_FILE)
    helper = Worker(db, settings, following, tables=TABLES)
    STATUS_DUTY.run(helper, config.now())
    client = app.test_client()
    kept = client.get("/status/1").text
    away = folder.rename(folder.with_name("away"))
    service.change_plate(plate, action=PlateAction.SUSPEND, by=OPERATOR, now=config.now(), db=db)

    time.sleep(0.6)  # the ring is looked at every half second
    with pytest.raises(KeysError):
        STATUS_DUTY.run(helper, config.now())

    assert client.get("/status/1").text == kept
    with db.write() as session:
        session.execute(update(StatusPublication).values(expires_at=config.now() - timedelta(seconds=1)))
    expired = client.get("/status/1")
    assert (expired.status_code, expired.get_json()["reason"]) == (503, "STATUS_EXPIRED")
    assert "Retry-After" in expired.headers
    shutil.move(away, folder)
    time.sleep(0.6)
    STATUS_DUTY.run(helper, config.now())
    at = reference_of(db, CODE, SubjectKind.PLATE, plate)
    assert read_as_a_stranger(app, at.uri, at.idx) == 2


def test_a_real_worker_publishes_by_itself(
    app: Flask, db: Database, environ: dict[str, str], plate: str
) -> None:
    at = reference_of(db, CODE, SubjectKind.PLATE, plate)
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "worker"],
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: app.test_client().get("/status/1").status_code == 200)
        assert read_as_a_stranger(app, at.uri, at.idx) == 0
        service.end_plate(plate, reason=PlateEnd.COPIED, by=OPERATOR, now=config.now(), db=db)
        _until(lambda: read_as_a_stranger(app, at.uri, at.idx) == 1)
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_operation_is_documented_as_it_answers(app: Flask) -> None:
    document = app.test_client().get("/openapi.json").get_json()
    path = document["paths"]["/status/{number}"]
    said = path["get"]

    assert said["operationId"] == "statusList"
    assert list(said["responses"]["200"]["content"]) == ["application/statuslist+jwt"]
    assert path["parameters"][0]["schema"] == {"type": "integer", "minimum": 1, "maximum": 999_999_999}


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)
