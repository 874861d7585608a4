"""The public log as anyone can read it: what it is, how it stands, how to check it; and a receipt held against it."""

from collections.abc import Mapping

from flask import render_template, request

from hub.ends.public.blueprint import blueprint
from hub.kernel.outcomes import Outcome
from hub.steward.act_names import act_name
from hub.trust.receipts import ReceiptVerdict, judge_receipt
from hub.trust.witnesses.queries import disputed_by, log_view
from hub.web.context import now, services
from hub.web.forms import submitted
from hub.web.guards import public
from hub.web.limits import Rate
from hub.web.notices import Tone
from schemas.receipts import MAX_RECEIPT_CHARS, ReceiptFormSchema
from signing.log import TileName

TONES: Mapping[Outcome, Tone] = {
    Outcome.VALID: "good",
    Outcome.ATTENTION: "warn",
    Outcome.REFUSED: "bad",
    Outcome.UNKNOWN: "bad",
}


@blueprint.get("/log/")
@public
def log_page() -> str:
    return _page()


@blueprint.post("/log/check")
@public(rate=Rate.VERIFICATION)
def check_receipt() -> str:
    """Check a receipt, as text or as a file: a verdict either way, never an error."""
    pasted = ReceiptFormSchema().load(submitted())["receipt"]
    known = services()
    verdict = judge_receipt(
        "".join((pasted or _uploaded()).split()),
        issuer=known.issuer,
        base_url=known.settings.base_url,
        now=now(),
        db=known.db,
        algorithms=known.settings.algorithms,
    )
    known.metrics.verdict(verdict.outcome, verdict.kind)
    return _page(verdict)


def _page(verdict: ReceiptVerdict | None = None) -> str:
    found = log_view(services().db)
    last = TileName(None, max(found.size - 1, 0) // 256, (found.size - 1) % 256 + 1)
    return render_template(
        "public/log.html",
        log=found,
        disputed_by=disputed_by(services().settings.home),
        origin=services().settings.log_origin,
        counts=services().log_tally.counts(now()),
        act_name=act_name,
        last_entries=last.path(),
        verdict=verdict,
        tone=None if verdict is None else TONES[verdict.outcome],
    )


def _uploaded() -> str:
    """What stands in the file, as far as a receipt can be long; other bytes are no receipt."""
    file = request.files.get("file")
    return "" if file is None else file.stream.read(MAX_RECEIPT_CHARS).decode("ascii", errors="replace")
