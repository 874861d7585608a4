"""How a command ends: its exit code, and the line on standard error (docs/adr/0022-exit-codes.md).

Nothing of the hub is imported here: `hub.cli.main` needs it to say that something of the hub cannot be imported.
"""

from dataclasses import dataclass

REFUSED = 2  # the command could not do what it was asked; nothing was changed
CANNOT_TELL = 3  # of the commands whose codes are findings: neither good nor bad
UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h: no command has this code for anything else
INTERRUPTED = 130  # 128 + SIGINT, as a shell has it
_CANNOT_TELL = "hub: cannot tell: {} 无法核验。"
_REFUSED = "hub: {}"


@dataclass(frozen=True, slots=True)
class ExitCodes:
    """What a command's process ends with when it ends otherwise than by its own code."""

    refused: int = REFUSED
    unprinted: int = UNFORESEEN
    interrupted: int = INTERRUPTED
    line: str = _REFUSED
    needs_output: bool = False  # whether a closed standard output keeps the command from its purpose


PLAIN = ExitCodes()
JUDGING = ExitCodes(CANNOT_TELL, CANNOT_TELL, CANNOT_TELL, _CANNOT_TELL, needs_output=True)


class CommandEnd(Exception):  # noqa: N818  # an end with a code, not an error
    """How a command ended: `code`, and a line for standard error, "" for none."""

    def __init__(self, code: int, line: str = "") -> None:
        super().__init__(line)
        self.code = code
        self.line = line
