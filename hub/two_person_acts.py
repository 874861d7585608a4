"""Every kind of act that needs two people, by code: each is declared beside the use case that it guards."""

from hub.access.look_numbers import MORE_LOOKS
from hub.access.proposals.rules import Decision
from hub.access.proposals.service import TwoPersonAct
from hub.codes.plates import proposals as plates
from hub.codes.plates.maker import PlateOffice
from hub.credentials import proposals as credentials
from hub.credentials.maker import CredentialOffice
from hub.feeds import exceptions
from hub.feeds.waiting_batches import BATCH
from hub.kernel.messages import Message

UNSAID = Message("命令行提出，未写明理由", "Asked at the command line, without a reason")

DONE = {
    Decision.APPROVE: Message("已同意并执行。", "Approved and done."),
    Decision.REFUSE: Message("已驳回。", "Refused."),
}


def kinds(press: PlateOffice, office: CredentialOffice) -> dict[str, TwoPersonAct]:
    """Return all of them, ready to be done with these keys."""
    declared = (MORE_LOOKS, BATCH, *exceptions.KINDS, *plates.kinds(press), *credentials.kinds(office))
    return {kind.code: kind for kind in declared}
