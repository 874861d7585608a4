"""One file per revision, in order; alembic reads them from this folder."""
