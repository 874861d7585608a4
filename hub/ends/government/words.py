"""Words that the templates of this end look up, and its navigation."""

from hub.codes.rules import PLATE_ACTION_NAMES, PLATE_ENDS, PLATE_STATE_NAMES
from hub.codes.verification.words import OUTCOME_WORDS, VIEWER_NAMES
from hub.credit.rules import LEVEL_NAMES
from hub.ends.government.acts import ACT_NAMES, DETAIL_NAMES, DETAIL_WORDS
from hub.ends.government.blueprint import blueprint
from hub.feeds.reasons import QUALITY
from hub.kernel.identifiers import region_name
from hub.licenses.colours.rules import FACES
from hub.licenses.tiers.vocabulary import SEVERITY_NAMES
from hub.supervision.clones.rules import SUSPICION_STATES
from hub.supervision.rules import REPORT_ACTIONS, REPORT_KINDS, REPORT_STATES


@blueprint.context_processor
def words() -> dict[str, object]:
    return {
        "act_names": ACT_NAMES,
        "detail_names": DETAIL_NAMES,
        "detail_words": DETAIL_WORDS,
        "faces": FACES,
        "level_names": LEVEL_NAMES,
        "outcome_words": OUTCOME_WORDS,
        "plate_actions": PLATE_ACTION_NAMES,
        "plate_ends": PLATE_ENDS,
        "plate_names": PLATE_STATE_NAMES,
        "quality_names": QUALITY,
        "region_name": region_name,
        "report_actions": REPORT_ACTIONS,
        "report_kinds": REPORT_KINDS,
        "report_states": REPORT_STATES,
        "severity_names": SEVERITY_NAMES,
        "suspicion_states": SUSPICION_STATES,
        "viewer_names": VIEWER_NAMES,
    }
