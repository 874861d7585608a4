"""Words that the templates of this end look up, and its navigation."""

from flask_babel import gettext as _

from hub.codes.rules import PLATE_STATE_NAMES
from hub.codes.rules import REASONS as VERDICT_REASONS
from hub.codes.verification.words import OUTCOME_COLOURS, OUTCOME_WORDS, VIEWER_NAMES
from hub.credit.rules import LEVEL_NAMES
from hub.ends.enforcement.blueprint import blueprint
from hub.licenses.colours.reasons import REASONS as COLOUR_REASONS
from hub.licenses.colours.rules import FACES
from hub.licenses.tiers.vocabulary import SEVERITY_NAMES
from hub.supervision.rules import REPORT_KINDS, REPORT_STATES
from hub.web.navigation import NavBar, nav_item


@blueprint.context_processor
def words() -> dict[str, object]:
    return {
        "colour_reasons": COLOUR_REASONS,
        "faces": FACES,
        "level_names": LEVEL_NAMES,
        "navigation": navigation,
        "outcome_colours": OUTCOME_COLOURS,
        "outcome_words": OUTCOME_WORDS,
        "plate_names": PLATE_STATE_NAMES,
        "report_kinds": REPORT_KINDS,
        "report_states": REPORT_STATES,
        "severity_names": SEVERITY_NAMES,
        "verdict_reasons": VERDICT_REASONS,
        "viewer_names": VIEWER_NAMES,
    }


def navigation() -> NavBar:
    """Return the pages of this end that its bar leads to."""
    return NavBar(
        (
            nav_item("enforcement.home", "house", _("Start")),
            nav_item("enforcement.scanner", "scan-line", _("Scan")),
            nav_item("enforcement.certificate", "id-card", _("My certificate")),
        )
    )
