"""The page behind a genuine code.

What it shows is read afresh for every request; drawing it is a pure function of that, so equal facts are drawn
once. Only the moment of the check and the form's token differ from answer to answer and are filled in.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

from flask import has_request_context, render_template
from markupsafe import Markup

from hub.access.matrix import Audience, Category
from hub.codes.plates.queries import group_plate_id
from hub.codes.verification.verdicts import CodeVerdict
from hub.credit.queries import PublicPenalty
from hub.ends.public.words import PUBLIC_REASONS
from hub.licenses.colours.rules import FACES, Colour
from hub.registry.rules import Overlay
from hub.supervision.rules import MAX_CONTACT_CHARS, MAX_REPORT_CHARS, REPORT_KINDS
from hub.web import i18n
from hub.web.assets import STATUS_ICONS
from hub.web.context import Services, language, now, services
from signing import CodeKind

PAGES_KEPT = 512  # some 4 MB of pages in each worker process
MOMENT, FORM = b"\0moment\0", b"\0form\0"  # no stored text can hold NUL
NEVER = datetime.min.replace(tzinfo=UTC)

MOST_LICENSES = 8  # with the style sheet still below 10 KB; `?all=1` shows the rest
MOST_PENALTIES = 3
_SAID = {  # a colour's reason that names the overlay already
    "BL_ABNORMAL": Overlay.ABNORMAL,
    "BL_SERIOUS": Overlay.SERIOUS,
    "BL_DEREGISTERING": Overlay.DEREGISTERING,
    "BL_REPORT_DUE": Overlay.REPORT_MISSING,
}
_GRAVITY = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREY, None)  # None: not told


@dataclass(frozen=True, slots=True)
class PageFacts:
    """All that the page depends on; `verdict` without its moment."""

    verdict: CodeVerdict
    code: str
    penalties: tuple[PublicPenalty, ...]
    everything: bool
    language: str
    host: str
    demo: bool
    today: date  # from which days are counted


class NotDrawnError(Exception):
    """These facts have not been drawn yet, and there is no request to draw them in."""


@dataclass(frozen=True, slots=True)
class PageViewer:
    """Who looks at the page, and when."""

    services: Services
    language: str
    now: datetime

    @classmethod
    def here(cls) -> "PageViewer":
        """Return the visitor of this request."""
        return cls(services(), language(), now())


def genuine_page(
    verdict: CodeVerdict, code: str, looking: PageViewer, *, form: str, everything: bool
) -> bytes:
    """Return the page for a verdict that names an enterprise; `everything`: all its licenses, not only the first.

    `form`: the field that its form carries. Raises: NotDrawnError outside a request.
    """
    enterprise = verdict.enterprise
    if enterprise is None:
        raise AssertionError("a genuine code names its enterprise")
    settings = looking.services.settings
    today = settings.today(looking.now)
    shown = PageFacts(
        verdict=replace(verdict, checked_at=NEVER),
        code=code,
        penalties=_penalties(looking.services, enterprise.uscc, on=today),
        everything=everything,
        language=looking.language,
        host=settings.host,
        demo=settings.demo,
        today=today,
    )
    at = i18n.moment_for(looking.now, looking.language, settings)
    filled = {MOMENT: at.encode(), FORM: form.encode()}
    return b"".join(filled.get(piece, piece) for piece in _drawn(shown))


def _penalties(hub: Services, uscc: str, *, on: date) -> tuple[PublicPenalty, ...]:
    """What the matrix gives the public: in summary those inside their window of publication."""
    penalties = hub.public_penalties
    return hub.matrix.clearance(Audience.PUBLIC).disclosed(
        Category.PENALTIES,
        full=lambda: penalties.every(uscc),
        summary=lambda: penalties.of(uscc, on=on),
        nothing=(),
    )


@lru_cache(maxsize=PAGES_KEPT)
def _drawn(shown: PageFacts) -> tuple[bytes, ...]:
    """The page as it is sent, in pieces; between them the names of what is filled in. Raises: NotDrawnError."""
    if not has_request_context():
        raise NotDrawnError
    return tuple(re.split(b"(" + MOMENT + b"|" + FORM + b")", _render(shown).encode()))


def _render(shown: PageFacts) -> str:
    verdict = shown.verdict
    enterprise = verdict.enterprise
    if enterprise is None:
        raise AssertionError("a genuine code names its enterprise")
    licenses = sorted(verdict.licenses, key=lambda one: _GRAVITY.index(one.colour))
    first = licenses if shown.everything else licenses[:MOST_LICENSES]
    is_plate = verdict.kind is CodeKind.PLATE
    flags = [overlay for overlay in enterprise.overlays if _SAID.get(enterprise.reason) is not overlay]
    return render_template(
        "public/code.html",
        code=shown.code,
        verdict=verdict,
        enterprise=enterprise,
        is_plate=is_plate,
        plate_id=group_plate_id(verdict.plate_id or ""),
        shown=first,
        not_shown=len(licenses) - len(first),
        flags=flags,
        icons=_icons([enterprise.colour, *(one.colour for one in first)], flags, is_plate=is_plate),
        penalties=shown.penalties,
        most_penalties=MOST_PENALTIES,
        reasons=PUBLIC_REASONS,
        faces=FACES,
        kinds=REPORT_KINDS,
        host=shown.host,
        checked_at=MOMENT.decode(),
        form_field=Markup(FORM.decode()),  # noqa: S704  # replaced by the token field
        max_text=MAX_REPORT_CHARS,
        max_contact=MAX_CONTACT_CHARS,
    )


def _icons(colours: list[Colour | None], flags: list[Overlay], *, is_plate: bool) -> list[str]:
    """The drawings this page points at, each once."""
    wanted = {STATUS_ICONS[colour] for colour in colours if colour} | (
        {STATUS_ICONS[Colour.YELLOW]} if flags else set()
    )
    return sorted(wanted | ({"flag"} if is_plate else set()))
