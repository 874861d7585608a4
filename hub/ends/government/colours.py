"""The colour of each state that this end shows beside its name."""

from collections.abc import Mapping

from hub.access.proposals.rules import ProposalState
from hub.codes.rules import PlateState
from hub.licenses.colours.rules import Colour
from hub.supervision.clones.rules import SuspicionState
from hub.supervision.rules import ReportState

PLATE_COLOURS: Mapping[PlateState, Colour] = {
    PlateState.PENDING: Colour.GREY,
    PlateState.MADE: Colour.YELLOW,
    PlateState.PLACED: Colour.BLUE,
    PlateState.SUSPENDED: Colour.GREY,
    PlateState.LOST: Colour.RED,
    PlateState.VOID: Colour.GREY,
}
PROPOSAL_COLOURS: Mapping[ProposalState, Colour] = {
    ProposalState.OPEN: Colour.YELLOW,
    ProposalState.APPROVED: Colour.BLUE,
    ProposalState.REFUSED: Colour.RED,
    ProposalState.WITHDRAWN: Colour.GREY,
    ProposalState.LAPSED: Colour.GREY,
}
REPORT_COLOURS: Mapping[ReportState, Colour] = {
    ReportState.RECEIVED: Colour.RED,
    ReportState.HANDLING: Colour.YELLOW,
    ReportState.ANSWERED: Colour.BLUE,
    ReportState.UNFOUNDED: Colour.GREY,
}
SUSPICION_COLOURS: Mapping[SuspicionState, Colour] = {
    SuspicionState.OPEN: Colour.RED,
    SuspicionState.CONFIRMED: Colour.BLUE,
    SuspicionState.UNFOUNDED: Colour.GREY,
}
