"""Which tests one worker runs together: those of one file, and all that share the browser.

What a file prepares once (a served hub, a loaded city, a built wheel) is then prepared by one worker alone. Files go
out in the order of their folders, so that the quick ones of `tests/unit` come last and both workers end together:
`--no-loadscope-reorder` says so.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

BROWSER = "tests/browser/"


def group_of(nodeid: str) -> str:
    """The file of a test, or the folder whose files share a hub and a browser."""
    return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


class SharedServers(LoadGroupScheduling):
    """`--dist loadgroup` with the groups of this suite."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def scheduler(config: pytest.Config, log: Producer) -> SharedServers | None:
    """For the hook `pytest_xdist_make_scheduler`: only `--dist loadgroup` asks for groups."""
    return SharedServers(config, log) if config.getoption("dist") == "loadgroup" else None
