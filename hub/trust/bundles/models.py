"""The version of the last bundle: the clock may go back, versions never do."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from hub.kernel.database import Base

Number = BigInteger().with_variant(Integer, "sqlite")


class BundleVersion(Base):
    """One row, `id` 1."""

    __tablename__ = "trust_bundle_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Number)
