"""Status lists: the lists, who stands where on them, why, and the tokens that were published last."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, SmallInteger, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base, Moment, Uscc
from hub.trust.record.bound_rows import bound, index_of


class StatusListRow(Base):
    """One list. `used`: how many of its indices were leased to be given out; they are never leased again.

    `secret` keys the permutation from the counter to the index. It is not published: with it, anybody could tell
    which of two credentials was issued first.
    """

    __tablename__ = "trust_status_list"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    used: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime] = mapped_column(Moment)


class StatusLease(Base):
    """A block of a list's counter that one process took: `count` counters from `first` on, each given out at most once.

    The transaction that leases a block uses its first counter. `id` tells the process that the block is still its own.
    """

    __tablename__ = "trust_status_lease"

    list: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(Integer)
    id: Mapped[UUID] = mapped_column(Uuid)
    taken_at: Mapped[datetime] = mapped_column(Moment)


class StatusEntry(Base):
    """Where one plate or credential stands, and what speaks against it; values are those of `signing.status.Status`.

    `parent`: the license that a credential rests on; none for plates and for credentials of the business license.
    `value` is what is published, the worst of the four causes.
    """

    __tablename__ = "trust_status_entry"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # hub.trust.statuses.rules.SubjectKind
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    list: Mapped[int] = mapped_column(Integer)
    idx: Mapped[int] = mapped_column(Integer)
    parent: Mapped[UUID | None] = mapped_column(Uuid)
    own: Mapped[int] = mapped_column(SmallInteger)
    license: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[int] = mapped_column(SmallInteger)
    enterprise: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_trust_status_entry_parent", "uscc", "parent"),
        Index("ix_trust_status_entry_changed", "list", "changed_at"),
        Index(  # what a publication reads, and nothing else
            "ix_trust_status_entry_told",
            "list",
            "idx",
            "value",
            sqlite_where=value != 0,
            postgresql_where=value != 0,
        ),
        bound(),
    )


class StatusIndex(Base):
    """Global look-up: index → USCC. The primary key makes a second use of an index fail."""

    __tablename__ = "trust_status_index"

    list: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    uscc: Mapped[str] = mapped_column(Uscc)

    __table_args__ = (index_of("trust_status_entry", list="list", idx="idx", uscc="uscc"),)


class StatusStanding(Base):
    """How an enterprise (`subject` "") or a license (its id) stands, for entries that are yet to be made.

    No row: in force.
    """

    __tablename__ = "trust_status_standing"

    uscc: Mapped[str] = mapped_column(Uscc, primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    value: Mapped[int] = mapped_column(SmallInteger)


class StatusChange(Base):
    """A list must be published anew; written in the transaction of the change, removed by the publication."""

    __tablename__ = "trust_status_change"

    list: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class StatusPublication(Base):
    """The token of a list as it is served. `version` rises with every publication."""

    __tablename__ = "trust_status_publication"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    uri: Mapped[str] = mapped_column(String(300))
    kid: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(Text)
    etag: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
