"""The mask of a QR symbol: the one of eight with the lowest penalty (ISO/IEC 18004:2015, 7.8), in bit arithmetic.

The encoder's own search rebuilds the symbol for each mask and takes six times as long. Rows are integers here, the
leftmost module in the highest bit, so that a penalty is a few shifts and counts per row.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from qrcode.util import BCH_type_info, mask_func, pattern_position

MASKS = range(8)
FIRST_VERSION_WITH_INFORMATION = 7
TIMING = 6  # the row and the column of the timing patterns
ALIGNMENT_REACH = 2  # an alignment pattern is 5 by 5
FINDER_LIKE = (0b10111010000, 0b00001011101)  # 1:1:3:1:1 with four light modules on one side
FINDER_BITS = 11

Rows = tuple[int, ...]


def best_masked(rows: Rows, *, version: int, level_bits: int) -> Rows:
    """The symbol with its best mask, from the same symbol with mask 0.

    `level_bits` are the two bits of the error correction level in the format information.
    """
    return min((remasked(rows, mask, version=version, level_bits=level_bits) for mask in MASKS), key=penalty)


def remasked(rows: Rows, mask: int, *, version: int, level_bits: int) -> Rows:
    """The symbol with another mask, from the same symbol with mask 0."""
    flips = _flips(version, mask)
    grid = [row ^ flip for row, flip in zip(rows, flips, strict=True)]
    size = len(grid)
    information = BCH_type_info(level_bits << 3 | mask)
    for index, (row, column) in _format_cells(size):
        bit = 1 << (size - 1 - column)
        grid[row] = grid[row] | bit if information >> index & 1 else grid[row] & ~bit
    return tuple(grid)


def penalty(rows: Rows) -> int:
    """The sum of the four features (ISO/IEC 18004:2015, 7.8.3.1): runs, blocks, finder look-alikes, balance."""
    size = len(rows)
    columns = _transposed(rows)
    lines = sum(_line_penalty(line, size) for line in (*rows, *columns))
    blocks = sum(_block_penalty(above, below, size) for above, below in pairwise(rows))
    dark = sum(row.bit_count() for row in rows)
    return lines + blocks + 10 * (abs(dark * 100 - 50 * size * size) // (5 * size * size))


def _line_penalty(line: int, size: int) -> int:
    same = ~(line ^ line >> 1) & ((1 << size - 1) - 1)
    fives = same & same >> 1 & same >> 2 & same >> 3
    runs = fives & ~(fives << 1)
    light = ~line & ((1 << size) - 1)
    finders = sum(_occurrences(line, light, pattern) for pattern in FINDER_LIKE)
    return fives.bit_count() + 2 * runs.bit_count() + 40 * finders


def _occurrences(line: int, light: int, pattern: int) -> int:
    found = -1
    for shift in range(FINDER_BITS):
        found &= (line if pattern >> shift & 1 else light) >> shift
    return found.bit_count()


def _block_penalty(above: int, below: int, size: int) -> int:
    alike = ~(above ^ below)
    blocks = alike & alike >> 1 & ~(above ^ above >> 1) & ((1 << size - 1) - 1)
    return 3 * blocks.bit_count()


def _transposed(rows: Rows) -> Rows:
    size = len(rows)
    return tuple(int("".join(column), 2) for column in zip(*(f"{row:0{size}b}" for row in rows), strict=True))


@lru_cache(maxsize=320)  # 40 versions by 8 masks
def _flips(version: int, mask: int) -> Rows:
    """Which modules differ between mask 0 and another one."""
    size = 4 * version + 17
    first, other = mask_func(0), mask_func(mask)
    area = _data_area(version)
    return tuple(
        sum(
            1 << (size - 1 - column)
            for column in range(size)
            if area[row][column] and first(row, column) != other(row, column)
        )
        for row in range(size)
    )


def _data_area(version: int) -> list[list[bool]]:
    """Where data and error correction stand: everywhere but in the function patterns and informations (6.3, 7.9)."""
    size = 4 * version + 17
    area = [[TIMING not in {row, column} for column in range(size)] for row in range(size)]
    for row, column in _function_cells(version, size):
        area[row][column] = False
    return area


def _function_cells(version: int, size: int) -> Iterator[tuple[int, int]]:
    for row in range(9):  # finder patterns with separators and format information
        yield from ((row, column) for column in (*range(9), *range(size - 8, size)))
    for row in range(size - 8, size):
        yield from ((row, column) for column in range(9))
    centres = pattern_position(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for centre in ((row, column) for row in centres for column in centres):
        if centre not in corners:
            yield from _square(centre)
    if version >= FIRST_VERSION_WITH_INFORMATION:
        for near in range(6):
            for far in range(size - 11, size - 8):
                yield from ((near, far), (far, near))


def _square(centre: tuple[int, int]) -> Iterator[tuple[int, int]]:
    reach = range(-ALIGNMENT_REACH, ALIGNMENT_REACH + 1)
    return ((centre[0] + down, centre[1] + right) for down in reach for right in reach)


@lru_cache(maxsize=40)
def _format_cells(size: int) -> tuple[tuple[int, tuple[int, int]], ...]:
    """Both copies of the 15 bits of format information (7.9.1): bit number, (row, column)."""
    down = [*range(6), 7, 8, *range(size - 7, size)]
    across = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    return (
        *((bit, (row, 8)) for bit, row in enumerate(down)),
        *((bit, (8, column)) for bit, column in enumerate(across)),
    )
