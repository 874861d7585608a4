"""Passkeys come, are used and go; the log knows each, and a key put in another's place is found."""

from sqlalchemy import select

from hub.access.models import Passkey
from hub.trust.log.audit import AuditReason
from tests.support.authenticator import Authenticator, b64
from tests.support.invitees import ORIGIN, Invitee
from tests.support.tampering import audited, behind_its_back


def test_every_step_of_a_passkeys_life_passes_the_comparison(invitee: Invitee) -> None:
    services = invitee.browser.services
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200
    second = Authenticator(ORIGIN)
    options = invitee.browser.json("/access/passkeys/options").get_json()
    invitee.browser.json("/access/passkeys", {"credential": second.register(options), "label": "另一部"})
    assert invitee.log_in(invitee.phone.log_in(invitee.login_options())).status_code == 200

    with services.db.read() as session:
        other = session.scalars(select(Passkey.credential_id).where(Passkey.label == "另一部")).one()
    for step in ("rename", "remove"):
        invitee.browser.post(f"/access/passkeys/{b64(other)}/{step}", {"label": "旧手机"})

    with services.db.read() as session:
        assert session.scalars(select(Passkey.label)).all() == ["我的手机"]
    assert audited(services.db, services.issuer).findings == ()


def test_a_passkey_exchanged_behind_the_hubs_back_is_named(invitee: Invitee) -> None:
    services = invitee.browser.services
    assert invitee.enrol(invitee.phone.register(invitee.options())).status_code == 200

    behind_its_back(services.db, "UPDATE access_passkey SET public_key = x'00'")

    told = audited(services.db, services.issuer).findings
    assert [(found.reason, found.table) for found in told] == [(AuditReason.ROW_EDITED, "access_passkey")]
