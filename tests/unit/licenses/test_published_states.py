"""What each state of a license means for what is published of it, written down a second time."""

from hub.licenses.rules import LicenseState
from hub.licenses.statuses import OF_STATE
from signing.status import Status

PUBLISHED = {
    "有效": Status.VALID,
    "延续审查中": Status.VALID,
    "暂扣": Status.SUSPENDED,
    "失效": Status.REVOKED,
    "吊销": Status.REVOKED,
    "撤销": Status.REVOKED,
    "撤回": Status.REVOKED,
    "注销": Status.REVOKED,
    "转出": Status.REVOKED,
    "被替换": Status.REVOKED,
}


def test_every_state_of_a_license_is_published_as_written_here() -> None:
    assert {state.value: status for state, status in OF_STATE.items()} == PUBLISHED
    assert set(OF_STATE) == set(LicenseState)
