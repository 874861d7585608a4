"""Which tests one worker runs together: those that share a server which is dear to start.

pytest-xdist 3.8 writes the group into an attribute of the test that pytest 9.2 no longer reads, so `xdist_group`
alone does nothing there. This scheduler reads the group from the test's name, whatever the versions.
"""

import re

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

GROUPS = (
    (re.compile(r"\Atests/browser/"), "browser"),
    (re.compile(r"\[(.*-)?postgresql(-.*)?\]"), "postgresql"),
)


def group_of(nodeid: str) -> str:
    """The group of a test, or the test itself when it belongs to none."""
    return next((group for pattern, group in GROUPS if pattern.search(nodeid)), nodeid)


class SharedServers(LoadGroupScheduling):
    """`--dist loadgroup` with the groups of this suite."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def scheduler(config: pytest.Config, log: Producer) -> SharedServers | None:
    """For the hook `pytest_xdist_make_scheduler`: only `--dist loadgroup` asks for groups."""
    return SharedServers(config, log) if config.getoption("dist") == "loadgroup" else None
