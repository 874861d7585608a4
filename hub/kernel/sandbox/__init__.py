"""Parsers of other people's files, each in a process of its own that has limits and is ended when it exceeds them."""

from hub.kernel.sandbox.client import Json, Parser, Sandbox
from hub.kernel.sandbox.errors import (
    ParserAwayError,
    ParserBusyError,
    ParserCrashedError,
    ParserError,
    ParserRefusalError,
    TooCostlyError,
)
from hub.kernel.sandbox.limits import Limits

__all__ = [
    "Json",
    "Limits",
    "Parser",
    "ParserAwayError",
    "ParserBusyError",
    "ParserCrashedError",
    "ParserError",
    "ParserRefusalError",
    "Sandbox",
    "TooCostlyError",
]
