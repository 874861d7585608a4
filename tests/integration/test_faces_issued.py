"""What is signed is what the record says at that moment, field by field: not a word more, less or other."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from hub.config import Settings
from hub.credentials.maker import CredentialOffice
from hub.credentials.service import CredentialRequest, take_credential
from hub.kernel.database import Database
from hub.licenses.models import License
from signing.sdjwt import unverified_face
from tests.support.plates import NOW, OWNER, USCC, add_enterprise, add_license, issuer_of
from tests.support.reference import TABLES

ZONE = ZoneInfo("Asia/Shanghai")
RECORD: dict[str, object] = {
    "authority": "柯城区市场监督管理局",
    "holder_name": "衢州示例餐饮有限公司",
    "issued_on": "2024-01-01",
    "license_type": "食品经营许可证",
    "number": "JY13308020000001",
    "uscc": USCC,
    "valid_from": "2024-01-01",
    "valid_to": "2028-12-31",
}


@pytest.mark.parametrize(
    ("column", "stored", "said"),
    [
        ("version", 3, {}),
        ("number", "JY13308020000099", {"number": "JY13308020000099"}),
        ("holder_name", "衢州换名餐饮有限公司", {"holder_name": "衢州换名餐饮有限公司"}),
        ("valid_to", None, {"valid_to": None}),
        ("address", "衢州市柯城区县学街2号", {"address": "衢州市柯城区县学街2号"}),
    ],
)
def test_every_field_of_a_credential_is_the_records(
    any_db: Database, settings: Settings, column: str, stored: object, said: dict[str, object]
) -> None:
    add_enterprise(any_db)
    food = add_license(any_db)
    with any_db.write() as session:
        session.execute(update(License).values({"version": 2, column: stored}))
    office = CredentialOffice(issuer_of(settings), settings.base_url, TABLES, ZONE)

    made = take_credential(CredentialRequest(str(food), None), office=office, by=OWNER, now=NOW, db=any_db)

    assert dict(unverified_face(made.text)) == RECORD | said
