"""Whether this database may be written: not when witnesses have seen more of its log than it holds, or another log.

A database restored from an old copy would otherwise go on as if what came after had never been, and sign a second
history beside the first.
"""

from pathlib import Path

from sqlalchemy.exc import DBAPIError

from hub.kernel.database import Database
from hub.kernel.messages import Message
from hub.trust.witnesses import tree
from hub.trust.witnesses.errors import LogForkedError, RecordDamagedError
from hub.trust.witnesses.record import WitnessRecord

_NEXT = Message(
    "请恢复较新的备份；确认无法恢复时，运行 hub log witness accept-loss 并说明原因。",
    "Restore a newer copy; when there is none, run: hub log witness accept-loss --reason …",
)


def standing(db: Database, record: WitnessRecord) -> Message | None:
    """Return why nothing may be written to this database; None when all is well. Two statements, none without witnesses.

    Raises: what the driver raises while the database is away.
    """
    if not record.exists():
        return None
    try:
        witnesses, cosigned = record.witnesses(), record.checkpoint()
    except RecordDamagedError as error:
        return _told(
            f"见证记录文件无法读取：{error}。", f"The record of the log's witnesses cannot be read: {error}."
        )
    with db.read() as session:
        held = tree.size_of(session)
        seen = max(
            [each.size for each in witnesses] + ([] if cosigned is None else [cosigned.size]), default=0
        )
        if seen > held:
            return _told(
                f"数据库只有公开日志的前{held}条，而见证方已见证到第{seen}条：这是一份旧的数据库。",
                f"The database holds {held} entries of the public log, but witnesses have cosigned {seen}: "
                "it is an old copy.",
            )
        roots = {each.size: each.root for each in witnesses if each.root is not None}
        if cosigned is not None:
            roots[cosigned.size] = cosigned.root
        forked = any(tree.root_at(session, size) != root for size, root in roots.items())
    if forked or any(each.trouble == LogForkedError.reason for each in witnesses):
        return _told(
            "数据库中的公开日志与见证方见证过的不是同一份。",
            "The public log in the database is not the one that witnesses have cosigned.",
        )
    return None


def evidence(db: Database, record: WitnessRecord) -> dict[str, object]:
    """Return what is given up when a loss is accepted: what is held, and what each witness has seen."""
    cosigned = record.checkpoint()
    with db.read() as session:
        held = tree.size_of(session)
    return {
        "held": held,
        "cosigned": None if cosigned is None else [cosigned.size, cosigned.root.hex()],
        "witnesses": [[each.url, each.size, each.trouble] for each in record.witnesses()],
    }


def watch(db: Database, home: Path) -> None:
    """Look now, or at the first write when the database cannot be asked now."""
    record = WitnessRecord(home)
    db.doubt = lambda: standing(db, record)
    try:
        db.settle()
    except DBAPIError:
        return


def _told(zh: str, en: str) -> Message:
    return Message(zh + _NEXT.zh, f"{en} {_NEXT.en}")
