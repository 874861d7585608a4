"""Rows of a district that are not what the profile says are refused whole."""

import pytest

from signing.bundle.district import _enterprise, _license, _list_of, _premises
from signing.bundle.errors import BundleDistrictError

GOOD = ["91330802MA2TEXT162", "名", "存续", [["1", "地址"]], [["类", "号", "", "blue", "PM_OK"]]]


def test_a_row_as_written_is_read() -> None:
    assert _enterprise(GOOD).premises[0].address == "地址"


@pytest.mark.parametrize(
    "row", [None, [], [*GOOD, 1], [1, *GOOD[1:]], [*GOOD[:3], [["1"]], []], [*GOOD[:4], [["类"]]]]
)
def test_another_row_is_refused(row: object) -> None:
    with pytest.raises(BundleDistrictError):
        _enterprise(row)


@pytest.mark.parametrize("row", [None, "text", {}, ["1", 2]])
def test_parts_of_other_shapes_are_refused(row: object) -> None:
    for read in (_premises, _license):
        with pytest.raises(BundleDistrictError):
            read(row)
    if not isinstance(row, list):
        with pytest.raises(BundleDistrictError):
            _list_of(row, _premises)
