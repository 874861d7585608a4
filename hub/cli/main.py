"""The console entry: output that never fails for its encoding, exit codes that never say what was not found out.

Nothing of the hub is imported before what goes wrong can be told: a missing library or time zone is no traceback and
no code of a command's own either.
"""

import codecs
import errno
import fcntl
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TextIO

from hub.cli.exit_codes import JUDGING, PLAIN, REFUSED, UNFORESEEN, CommandEnd, ExitCodes
from hub.cli.module_loading import loading

PRIVATE_UMASK = 0o077  # whatever a command, the server or its worker writes is its owner's; they inherit it
ESCAPES = "hub.json-escapes"
_JUDGING = (["verify"], ["log", "verify"])  # commands whose exit codes 0 to 2 are findings


def main() -> None:
    """Run the command that the arguments name and end the process."""
    os.umask(PRIVATE_UMASK)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit code. Whatever happens, one line on standard error and no traceback."""
    exits = exits_of(arguments)
    is_open = open_streams()
    code = _ended(lambda: _command(arguments, exits))
    if exits.needs_output and not is_open:
        return code if code == UNFORESEEN else exits.unprinted
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        leave_to_nowhere(sys.stdout, 1)
        return _tell(_unprinted(error, exits))
    finally:
        _flush_errors()
    return code


def exits_of(arguments: Sequence[str]) -> ExitCodes:
    """Return the exit codes of the command that the arguments name, also where they name it wrongly."""
    words = [word for word in arguments if not word.startswith("-")]
    return JUDGING if any(words[: len(each)] == each for each in _JUDGING) else PLAIN


def open_streams() -> bool:
    """Make both streams writable in every encoding; whether there is a standard output at all.

    A closed one is opened to nowhere, so that no file of ours gets its number and is written into.
    """
    codecs.register_error(ESCAPES, _escaped)
    is_open = sys.stdout is not None and _is_open(1)
    for number in range(3):
        if not _is_open(number):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPES)
    return is_open


def leave_to_nowhere(stream: TextIO, number: int) -> None:
    """What could not be written is not tried again when the interpreter ends, which would set a code of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
    with suppress(OSError, ValueError):
        stream.flush()


def _command(arguments: Sequence[str], exits: ExitCodes) -> int:
    """Raises: CommandEnd, KeyboardInterrupt, whatever nobody foresaw."""
    try:
        with loading():
            perform: Callable[[Sequence[str], ExitCodes], int] = import_module("hub.cli.commands").perform
        return perform(arguments, exits)
    except OSError as error:
        if error.filename is not None:
            raise CommandEnd(exits.refused, exits.line.format(_about_file(error))) from error
        raise _unprinted(error, exits) from error
    except UnicodeEncodeError as error:
        if not _is_of_bytes(error):
            raise
        raise CommandEnd(exits.refused, exits.line.format(_about_bytes(error))) from error
    except (KeyboardInterrupt, EOFError) as error:
        raise CommandEnd(exits.interrupted, "hub: interrupted. 已中断。") from error


def _ended(command: Callable[[], int]) -> int:
    try:
        return command()
    except CommandEnd as end:
        return _tell(end)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else REFUSED
    except BaseException as error:  # noqa: BLE001  # the edge of the process: what nobody foresaw has its own code
        return _tell(CommandEnd(UNFORESEEN, _unforeseen(error)))


def _tell(end: CommandEnd) -> int:
    if end.line:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{' '.join(end.line.split())}\n")
    return end.code


def _about_file(error: OSError) -> str:
    return f"{error.strerror}: {error.filename!s}. 无法读写文件，请检查路径和权限。"


def _is_of_bytes(error: UnicodeEncodeError) -> bool:
    """Whether it is about bytes that the interpreter kept of an argument or a setting in another encoding (PEP 383)."""
    return all("\udc80" <= one <= "\udcff" for one in error.object[error.start : error.end])


def _about_bytes(error: UnicodeEncodeError) -> str:
    shown = os.fsencode(error.object).decode("utf-8", "backslashreplace")[:200]
    return f"an argument, a setting or a folder holds bytes that are no UTF-8: {shown}. 参数、设置或目录名不是 UTF-8 编码。"


def _unprinted(error: Exception, exits: ExitCodes) -> CommandEnd:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    is_gone = isinstance(error, OSError) and error.errno == errno.EPIPE
    said = f"hub: the output could not be written: {why}. What was done stays done. 输出无法写入；已完成的操作仍然有效。"
    return CommandEnd(exits.unprinted, "" if is_gone and not exits.needs_output else said)


def _unforeseen(error: BaseException) -> str:
    """With the place in the code, which is what a report of the fault needs."""
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return (
        f"hub: something unforeseen happened, please report it: {type(error).__name__}: {error} ({place}). "
        "发生未预料的错误，请报告。"
    )


def _flush_errors() -> None:
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        leave_to_nowhere(sys.stderr, 2)


def _is_open(number: int) -> bool:
    try:
        fcntl.fcntl(number, fcntl.F_GETFD)
    except OSError:
        return False
    return True


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # for the life of the process


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""`\uXXXX` for every character that the encoding lacks, so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
