"""What can be wrong between a log and its witnesses."""

from hub.kernel.errors import ConflictError, HubError, InvalidInputError, NotFoundError, UnavailableError


class LogNotWitnessedError(NotFoundError):
    """Nobody has told this hub to witness that log."""

    reason = "LOG_NOT_WITNESSED"
    zh = "本系统不见证该日志。"
    en = "This hub does not witness that log."


class WitnessAwayError(UnavailableError):
    """The witness did not answer, or not as a witness does."""

    reason = "WITNESS_AWAY"
    zh = "见证方没有应答。"
    en = "The witness did not answer."


class WitnessRefusedError(HubError):
    """The witness does not know our log or its key."""

    reason = "WITNESS_REFUSED"
    zh = "见证方不接受本日志：请对方运行 hub log witness trust。"
    en = "The witness does not take this log: its operator has to run hub log witness trust."


class WitnessKeyError(HubError):
    """What came back is not signed by the key that was pinned for the witness."""

    reason = "WITNESS_KEY"
    zh = "见证方的签名不是所登记的密钥签的。"
    en = "The cosignature is not by the key on record for this witness."


class LogBehindError(ConflictError):
    """A witness has cosigned more of this log than the database holds."""

    reason = "LOG_BEHIND"
    zh = "数据库落后于已被见证的公开日志。"
    en = "The database is behind what a witness of the log has cosigned."


class LogForkedError(ConflictError):
    """A witness has cosigned another tree than the database holds."""

    reason = "LOG_FORKED"
    zh = "数据库与已被见证的公开日志不一致。"
    en = "The database holds another log than the one a witness has cosigned."


class WitnessDisputesError(HubError):
    """The witness says that it has cosigned more, or another log, and shows nothing that our log's key has signed."""

    reason = "WITNESS_DISPUTES"
    zh = "见证方称其见证过更多条目或另一份日志，但未出示证据：请与其运营者核对。"
    en = (
        "The witness says that it has cosigned more of this log, or another log, and shows no proof: "
        "ask its operator."
    )


class WitnessAddressError(InvalidInputError):
    """Not an address that a witness can have."""

    reason = "WITNESS_ADDRESS"
    field = "url"
    zh = "见证方地址应形如 https://hub.example/log/witness；http 仅限本机。"
    en = "A witness's address looks like https://hub.example/log/witness; http is for this machine alone."


class RecordDamagedError(HubError):
    """The file that remembers what witnesses have cosigned cannot be read."""

    reason = "WITNESS_RECORD"
    zh = "见证记录文件无法读取。"
    en = "The file of what witnesses have cosigned cannot be read."
