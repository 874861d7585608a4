"""Positions of the log without a leaf are named from where each gap begins to where it ends."""

import pytest

from hub.trust.log.tree_audit import _gaps


@pytest.mark.parametrize(
    ("seen", "gaps"),
    [
        ([], []),
        ([1, 1], []),
        ([0, 0], [(0, 2)]),
        ([1, 0, 1, 1, 0], [(1, 2), (4, 5)]),
        ([0, 1, 0, 0, 1, 1, 0, 1], [(0, 1), (2, 4), (6, 7)]),
    ],
)
def test_every_gap_is_named_once_from_its_first_to_its_last_position(
    seen: list[int], gaps: list[tuple[int, int]]
) -> None:
    assert list(_gaps(bytearray(seen))) == gaps
