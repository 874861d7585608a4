"""Where a line of Chinese and Latin may end."""

import re
from collections.abc import Callable, Iterator

# Latin words stay whole and Chinese ends anywhere, but no line begins with what closes or ends with what opens (GB/T 15834-2011, 5.1).
_PIECE = re.compile(r"[（《〈“‘【「]*(?:[!-~À-ɏ]+|.)[）》〉”’】」，。、；：！？]* ?", re.DOTALL)


def pieces(text: str, *, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield the text in pieces between which a line may end; a piece that does not fit a line comes character by character."""
    for piece in _PIECE.findall(text):
        yield from (piece,) if fits(piece.rstrip()) else piece
