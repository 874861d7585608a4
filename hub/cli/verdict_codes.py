"""Exit codes of commands whose codes are verdicts (docs/adr/0022-exit-codes.md)."""

from collections.abc import Iterable, Mapping

from hub.cli.exit_codes import CANNOT_TELL
from hub.kernel.outcomes import Outcome

EXIT_CODES: Mapping[Outcome, int] = {
    Outcome.VALID: 0,
    Outcome.ATTENTION: 1,
    Outcome.REFUSED: 2,
    Outcome.UNKNOWN: CANNOT_TELL,
}


def exit_code_of(outcomes: Iterable[Outcome]) -> int:
    """Return the code of the gravest of at least one."""
    return EXIT_CODES[max(outcomes, key=lambda each: each.gravity)]
