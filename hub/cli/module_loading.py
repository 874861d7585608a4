"""Import the hub's modules fast; nothing of the hub is imported here."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import without looking for garbage: modules stay, and each look at them finds them all again.

    Those looks were a tenth of what loading the hub takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
