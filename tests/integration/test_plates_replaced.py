"""The plate of one place is replaced a few times a day: every plate that was ever made stays on the lists."""

from datetime import datetime, timedelta

import pytest

from hub.codes.plates import queries, service
from hub.codes.plates.maker import REPLACEMENTS_A_DAY, ReplacementsADayError
from hub.codes.plates.queries import PlateView
from hub.codes.rules import PlateEnd
from hub.config import Settings
from hub.kernel.database import Database
from tests.support.plates import NOW, OWNER, USCC, add_plate, press_of

LATER = NOW + timedelta(hours=1)


def replace_plate(db: Database, settings: Settings, plate_id: str, *, now: datetime) -> PlateView:
    press = press_of(settings)
    return service.reissue_plate(plate_id, reason=PlateEnd.DAMAGED, press=press, by=OWNER, now=now, db=db)


def test_one_place_has_its_plate_replaced_a_few_times_a_day(any_db: Database, settings: Settings) -> None:
    plate = add_plate(any_db, settings)
    for _ in range(REPLACEMENTS_A_DAY):
        plate = replace_plate(any_db, settings, plate.plate_id, now=LATER)

    with pytest.raises(ReplacementsADayError) as caught:
        replace_plate(any_db, settings, plate.plate_id, now=LATER + timedelta(hours=23))

    assert caught.value.reason == "REPLACEMENTS_A_DAY"
    assert caught.value.message.zh != caught.value.message.en
    standing = queries.standing_plate(USCC, plate.premises_id, db=any_db)
    assert standing is not None
    assert standing.plate_id == plate.plate_id
    again = replace_plate(any_db, settings, plate.plate_id, now=LATER + timedelta(hours=25))
    assert again.serial == REPLACEMENTS_A_DAY + 2
