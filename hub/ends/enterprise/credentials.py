"""电子凭证: the credential of a license to take away, and the wallets that credentials are bound to."""

from flask import Response, redirect, render_template, url_for

from hub.credentials import wallets
from hub.credentials.maker import CredentialOffice
from hub.credentials.pages import may_take, own_keys
from hub.credentials.rules import CredentialRefusedError, LicenseTerms, require_in_force
from hub.credentials.service import CredentialRequest, take_credential
from hub.credentials.types import BUSINESS_LICENSE, CredentialField, credential_type
from hub.ends.enterprise.blueprint import KEEPERS, blueprint
from hub.ends.enterprise.context import own_uscc
from hub.kernel.messages import Message
from hub.licenses.rules import LicenseState
from hub.licenses.space import LicenseView, Space
from hub.web import downloads, notices
from hub.web.context import now, reference, require_actor, services
from hub.web.forms import submitted
from hub.web.guards import roles
from hub.web.limits import Rate
from schemas.credentials import HolderKeyRequestSchema

ADDED = Message(
    "钱包密钥已登记，之后领取的凭证与它绑定。",
    "The wallet's key is registered; credentials taken from now on are bound to it.",
)
REMOVED = Message(
    "钱包密钥已移除，绑定在它上面的凭证同时作废。",
    "The wallet's key is removed, and every credential bound to it is revoked.",
)

_PROOF = HolderKeyRequestSchema()


@blueprint.post("/credentials/<string(maxlength=36):subject>.txt")
@roles(*KEEPERS, rate=Rate.EXPORT)
def credential_file(subject: str) -> Response:
    """Send the credential as a file. Raises: NotFoundError, CredentialRefusedError leaves, IssueDelayedError."""
    made = take_credential(
        CredentialRequest(subject),
        office=CredentialOffice.of(services().issuer, services().settings, services().tables),
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    name = f"credential-{made.type_code}-{made.id.hex[-8:]}.txt"
    return downloads.download(made.text, name=name, mimetype="application/dc+sd-jwt")


@blueprint.get("/wallets")
@roles(*KEEPERS)
def wallets_page() -> str:
    return _page(None)


@blueprint.post("/wallets/challenge")
@roles(*KEEPERS)
def wallet_challenge() -> str:
    made = wallets.new_challenge(
        own_uscc(), audience=services().settings.base_url, by=require_actor(), now=now(), db=services().db
    )
    return _page(made)


@blueprint.post("/wallets")
@roles(*KEEPERS)
def add_wallet() -> Response:
    wanted = _PROOF.load(submitted())
    wallets.register_key(
        "".join(wanted["proof"].split()),  # as a terminal broke its lines
        uscc=own_uscc(),
        label=wanted["label"],
        audience=services().settings.base_url,
        by=require_actor(),
        now=now(),
        db=services().db,
    )
    notices.say(ADDED)
    return _back()


@blueprint.post("/wallets/<string(maxlength=43):thumbprint>/remove")
@roles(*KEEPERS)
def remove_wallet(thumbprint: str) -> Response:
    wallets.remove_key(own_uscc(), thumbprint, by=require_actor(), now=now(), db=services().db)
    notices.say(REMOVED)
    return _back()


@blueprint.context_processor
def credential_words() -> dict[str, object]:
    """Return what the credential card on the pages of licenses needs."""
    return {
        "credential_fields": credential_fields,
        "credential_refusal": credential_refusal,
        "may_take_credentials": may_take_credentials,
    }


def credential_fields(code: str | None) -> tuple[CredentialField, ...]:
    """Return what the credential of a type of license can disclose; `code` None: of the business license."""
    kind = credential_type(code or BUSINESS_LICENSE, reference().types)
    return () if kind is None else kind.fields


def credential_refusal(space: Space, license_: LicenseView | None) -> Message | None:
    """Return why no credential is issued of this license (None: of the business license) on the day of the space."""
    entity, on = space.enterprise.state, space.on
    if license_ is None:
        terms = LicenseTerms(entity, LicenseState.VALID, None, space.enterprise.term_to, on)
    else:
        terms = LicenseTerms(entity, license_.state, license_.valid_from, license_.valid_to, on)
    try:
        require_in_force(terms)
    except CredentialRefusedError as refusal:
        return refusal.message
    return None


def may_take_credentials() -> bool:
    return may_take(own_uscc(), by=require_actor())


def _page(challenge: wallets.WalletChallenge | None) -> str:
    keys = own_keys(own_uscc(), by=require_actor(), db=services().db)
    return render_template("enterprise/wallets.html", keys=keys, challenge=challenge)


def _back() -> Response:
    return redirect(url_for("enterprise.wallets_page"))  # type: ignore[return-value]  # werkzeug's base class
