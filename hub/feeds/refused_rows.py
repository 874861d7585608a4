"""The file of refused rows that goes back to a department."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hub.feeds.queries import RefusalView
from hub.kernel.exports import Cell, write_csv

HEADERS = (
    "文件 file",
    "工作表 sheet",
    "行 line",
    "列 column",
    "值 value",
    "原因代码 reason",
    "说明",
    "explanation",
)


def write_refusals(path: Path, refused: Iterable[tuple[str, Iterable[RefusalView]]]) -> None:
    """Write the refused rows of several files, named by file, as one CSV. Raises: OSError."""
    with path.open("wb") as file:
        for piece in write_csv(HEADERS, _rows(refused)):
            file.write(piece)


def _rows(refused: Iterable[tuple[str, Iterable[RefusalView]]]) -> Iterator[tuple[Cell, ...]]:
    for name, views in refused:
        for view in views:
            yield (
                name,
                view.sheet,
                view.line,
                view.column,
                view.value,
                view.reason,
                view.message.zh,
                view.message.en,
            )
