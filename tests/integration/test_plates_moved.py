"""A hub that has moved to another address: its plates, printed again, lead there and are believed there."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import zxingcpp
from PIL import Image

from hub.codes import printing
from hub.codes.plates import queries
from hub.config import Settings
from hub.kernel.database import Database
from hub.kernel.outcomes import Outcome
from tests.support.plates import add_plate, verification_of


def test_a_plate_printed_after_a_move_opens_the_new_address_and_is_believed(
    any_db: Database, settings: Settings, now: datetime
) -> None:
    made = add_plate(any_db, settings)
    moved = replace(settings, base_url="http://192.168.1.20:9000")
    (row,) = queries.plates_of(made.uscc, db=any_db)

    face = printing.plate_face(row, base_url=moved.base_url, demo=True)
    (scanned,) = zxingcpp.read_barcodes(Image.open(BytesIO(printing.png(face))).convert("L"))

    assert scanned.text.startswith("http://192.168.1.20:9000/c/P1.")
    assert face.host == "192.168.1.20:9000"
    assert verification_of(any_db, moved).verify(scanned.text, now=now).outcome is Outcome.VALID
    assert verification_of(any_db, moved).verify(made.text, now=now).outcome is Outcome.REFUSED
