"""What is refused about proposals, each a fact with its sentence."""

from hub.kernel.errors import ConflictError, InvalidInputError, NotAllowedError


class SecondPersonError(NotAllowedError):
    """Who asked cannot decide."""

    reason = "SECOND_PERSON"
    zh = "提出人不能自行决定，须由另一位同事用其本人的通行密钥(在命令行则用另一个系统账号)决定。"
    en = (
        "Who asked cannot decide. A second person must, with a passkey of his or her own, or at the command line from "
        "another account of the system."
    )


class SecondPersonNeededError(NotAllowedError):
    """One alone must not do this: it is asked for, and a second person decides."""

    reason = "SECOND_PERSON_NEEDED"
    zh = "此事项须由两人办理：请提出申请，由另一位同事决定。"
    en = "This takes two people: ask for it, and let a second one decide."


class ProposalPendingError(ConflictError):
    """The same is asked for already."""

    reason = "PROPOSAL_PENDING"
    zh = "同一事项已有待决定的申请。"
    en = "The same has been asked for already and waits for a decision."


class ProposalClosedError(ConflictError):
    """Somebody else decided, or it was withdrawn."""

    reason = "PROPOSAL_CLOSED"
    zh = "该申请已有结果，请刷新查看。"
    en = "This has been settled already; reload the page."


class ProposalLapsedError(ConflictError):
    """Nobody decided in time."""

    reason = "PROPOSAL_LAPSED"
    zh = "该申请已过期，请核对情况后重新提出。"
    en = "This has lapsed. Look at the facts again and ask anew."


class WordsMissingError(InvalidInputError):
    reason = "WORDS"
    field = "words"
    zh = "请用 1 至 200 字说明理由。"
    en = "Say why, in 1 to 200 characters."
