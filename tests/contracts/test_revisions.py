"""Which schema a database needs is told from the names of the migrations; Alembic, which makes it, must agree."""

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory

from hub import schema


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(
        Config(None, attributes={}, config_args={"script_location": "hub:migrations"})
    )


def test_the_names_of_the_migrations_tell_what_alembic_reads_in_them() -> None:
    ordered = [script.revision for script in scripts().walk_revisions()][::-1]

    assert list(schema.revisions()) == ordered
    assert schema.head() == scripts().get_current_head()
    assert all(schema.is_known(revision) for revision in ordered)
    assert not schema.is_known("9999")


LOADED = """
import sys
from importlib import import_module
import hub.cli.commands, hub.cli.serve
from hub.cli import serve
for name in (serve.APPLICATION, serve.WEB, serve.DUTIES):
    import_module(name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_start_loads_nothing_that_only_some_commands_or_first_uses_need() -> None:
    said = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True).stdout

    assert {"alembic", "mako", "numpy", "openpyxl", "lxml", "reportlab"} & set(said.split()) == set()
