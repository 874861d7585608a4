"""One address, four views: where somebody who is logged in sees this code, if not on the public page."""

from flask import url_for

from hub.codes.verification.service import viewer_of
from hub.codes.verification.verdicts import EnterpriseFace
from hub.kernel.actor import Actor, Role
from hub.web.context import now, services
from signing import trimmed

DYNAMIC = "D"  # first letter of every code shown on a screen; opening a page is no reason to use one up


def own_view(code: str, actor: Actor) -> str | None:
    """Return the address of the actor's own view of a genuine code, or None for the public page.

    An officer's view checks the code itself. Opening an address is no act: the scan is counted in nobody's name.
    """
    match actor.role:
        case Role.OWNER | Role.MANAGER | Role.AGENT:
            found = _genuine(code, actor)
            is_own = found is not None and found.uscc == actor.uscc
            return url_for("enterprise.home") if is_own else None
        case Role.OFFICER:
            return url_for("enforcement.scan_result", code=code)
        case Role.OFFICIAL:
            found = None if trimmed(code).startswith(DYNAMIC) else _genuine(code, actor)
            return None if found is None else url_for("government.enterprise", uscc=found.uscc)
        case Role.AUDITOR:
            return None


def _genuine(code: str, actor: Actor) -> EnterpriseFace | None:
    return services().verification.verify(code, now=now(), by=viewer_of(actor)).enterprise
