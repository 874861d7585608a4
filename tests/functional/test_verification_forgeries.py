"""Every class of forged code, through the door that strangers use."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask

from hub.api.body import SMALL
from hub.codes.models import Plate, PlateIndex
from hub.config import Settings
from hub.web.context import EXTENSION
from schemas.verification import VerdictSchema
from signing.scanned_text import ScanReader
from tests.support.applications import create_app, stop
from tests.support.beside import beside
from tests.support.forged_codes import CODE_FORGERIES
from tests.support.forger import MADE_AT, ORIGIN, Workshop, payload_of, uscc
from tests.support.plates import add_enterprise, add_license, add_premises

MOST = 150  # inputs of one class: the whole corpus is shown to the verifier itself in the unit tests
EXISTING = uscc("TEXT1")
NAME = "伪造者最想冒充的企业"


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop.open(tmp_path / "shop")


@pytest.fixture
def hub(settings: Settings, shop: Workshop, tmp_path: Path) -> Iterator[Flask]:
    """A hub that owns the workshop's keys, and knows the plate that is forged."""
    keys = tmp_path / "shop" / "ours"
    own = replace(
        settings, base_url=ORIGIN, keys_uri=f"file:{keys}", keys_passphrase="ours", rate_factor=10_000
    )
    app = create_app(own)
    db = app.extensions[EXTENSION].db
    add_enterprise(db, uscc=EXISTING, name=NAME)
    add_license(db, uscc=EXISTING)
    premises_id = add_premises(db, uscc=EXISTING)
    plate_id = payload_of(shop.plate).rpartition(".")[2]
    plate = Plate(
        uscc=EXISTING,
        plate_id=plate_id,
        premises_id=premises_id,
        serial=1,
        state="已铺设",
        kid="P1",
        text=shop.plate,
        created_at=MADE_AT,
        by="operator:tests",
    )
    with beside(db) as session:
        session.add_all((plate, PlateIndex(plate_id=plate_id, uscc=EXISTING)))
    yield app
    stop(app)
    db.close()


def _fits(code: str) -> bool:
    """Within what the door reads at all; beyond is a 413, tested with the API."""
    return len(json.dumps({"code": code})) < SMALL


def ask(app: Flask, code: object) -> dict[str, object]:
    response = app.test_client().post("/api/v1/verifications", json={"code": code}, base_url=ORIGIN)
    assert response.status_code == 200, (code, response.text)
    document: dict[str, object] = response.get_json()
    return document


def test_the_code_that_is_forged_is_itself_genuine(hub: Flask, shop: Workshop) -> None:
    document = ask(hub, shop.plate)

    assert (document["verdict"], document["reasons"]) == ("valid", ["PLATE_ACTIVE", "BL_OK"])


def test_no_class_of_forged_code_gets_anything_but_a_refusal(hub: Flask, shop: Workshop) -> None:
    believed: list[tuple[str, object, object]] = []
    tried = 0
    read = ScanReader(
        [ORIGIN]
    ).read  # letters of scheme and host make no difference (code profile, section 10)
    whole = (shop.plate, shop.other_plate, shop.dynamic)
    honest = {form for text in whole for form in (read(text), text.rpartition("/")[2])}
    for name, forgery in CODE_FORGERIES.items():
        inputs = (forged for forged, _ in forgery(replace(shop, chance=random.Random(7))))
        texts = [
            each
            for each in islice(inputs, MOST)
            if isinstance(each, str) and _fits(each) and read(each) not in honest
        ]
        for code in texts:
            document = ask(hub, code)
            tried += 1
            said = json.dumps(document, ensure_ascii=False)
            is_refused = document["verdict"] == "refused" and document["genuine"] is False
            if not is_refused or "enterprise" in document or NAME in said or EXISTING in said:
                believed.append((name, code, document))
            assert VerdictSchema().validate(document) == {}

    assert believed == []
    assert tried > 1_000


def test_a_forgery_is_answered_alike_for_an_enterprise_that_exists_and_one_that_does_not(
    hub: Flask, shop: Workshop
) -> None:
    def told(code: str) -> dict[str, object]:
        document = ask(hub, code)
        document.pop("checked_at")
        return document

    payload, signature = payload_of(shop.plate), shop.plate.rpartition(".")[2]
    absent = payload.replace(EXISTING, uscc("TEXT9"))

    assert told(f"{absent}.{signature}") == told(f"{payload}.{shop.other_plate.rpartition('.')[2]}")
    assert told(shop.other_plate)["reasons"] == ["PLATE_ENDED"]
