"""Words that the templates of this end look up, and its navigation."""

from flask_babel import gettext as _

from hub.codes.rules import PLATE_ENDS, PLATE_STATE_NAMES
from hub.codes.verification.words import OUTCOME_COLOURS, OUTCOME_WORDS, VIEWER_NAMES
from hub.credit.rules import LEVEL_NAMES
from hub.ends.government.blueprint import blueprint
from hub.ends.government.colours import (
    PLATE_COLOURS,
    PROPOSAL_COLOURS,
    REPORT_COLOURS,
    SUSPICION_COLOURS,
)
from hub.feeds.reasons import quality_name
from hub.kernel.actor import Role
from hub.kernel.identifiers import region_name
from hub.licenses.colours.rules import FACES
from hub.licenses.tiers.vocabulary import SEVERITY_NAMES
from hub.supervision.clones.rules import SUSPICION_STATES
from hub.supervision.rules import REPORT_ACTIONS, REPORT_KINDS, REPORT_STATES
from hub.web import context
from hub.web.navigation import NavBar, NavItem, nav_item


@blueprint.context_processor
def words() -> dict[str, object]:
    return {
        "faces": FACES,
        "level_names": LEVEL_NAMES,
        "is_official": is_official(),
        "navigation": navigation,
        "outcome_colours": OUTCOME_COLOURS,
        "outcome_words": OUTCOME_WORDS,
        "plate_colours": PLATE_COLOURS,
        "plate_ends": PLATE_ENDS,
        "plate_names": PLATE_STATE_NAMES,
        "proposal_colours": PROPOSAL_COLOURS,
        "quality_name": quality_name,
        "region_name": region_name,
        "report_actions": REPORT_ACTIONS,
        "report_colours": REPORT_COLOURS,
        "report_kinds": REPORT_KINDS,
        "report_states": REPORT_STATES,
        "severity_names": SEVERITY_NAMES,
        "suspicion_colours": SUSPICION_COLOURS,
        "suspicion_states": SUSPICION_STATES,
        "viewer_names": VIEWER_NAMES,
    }


def is_official() -> bool:
    """Return whether an official is logged in, and not an auditor; nobody on the page of a refusal."""
    actor = context.actor()
    return actor is not None and actor.role is Role.OFFICIAL


def navigation() -> NavBar:
    """Return the pages of this end that its bar leads to: an auditor's are fewer."""
    overview = nav_item("government.overview", "layout-dashboard", _("Overview"))
    enterprises = nav_item(
        "government.enterprises", "building-2", _("Enterprises"), besides=("government.enterprise",)
    )
    second = nav_item("government.proposals", "users", _("Second person"), besides=("government.proposal",))
    sources = nav_item("government.sources", "database", _("Sources"), besides=_OF_SOURCES)
    if not is_official():
        return NavBar((overview, second, sources, nav_item("government.audit", "history", _("Audit"))))
    return NavBar((overview, enterprises, second, sources, *_daily()))


def _daily() -> tuple[NavItem, ...]:
    """What officials alone work at."""
    return (
        nav_item(
            "government.plates",
            "qr-code",
            _("Plates"),
            besides=("government.area", "government.plate"),
        ),
        nav_item("government.reports", "flag", _("Reports"), besides=_OF_REPORTS),
        nav_item("government.scope", "list-checks", _("Scope review")),
    )


_OF_SOURCES = (
    "government.batch",
    "government.exceptions",
    "government.exception",
    "government.new_exception",
    "government.propose_exception",
    "government.propose_end",
)
_OF_REPORTS = ("government.report", "government.copies", "government.copy")
