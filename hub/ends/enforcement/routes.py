"""The enforcement end: an officer's phone, one hand, bad light. Scan, read the verdict, see more with a purpose."""

from hub.ends.enforcement import enterprises, home, scanning, words  # noqa: F401  # routes register themselves
from hub.ends.enforcement.blueprint import blueprint

__all__ = ["blueprint"]
