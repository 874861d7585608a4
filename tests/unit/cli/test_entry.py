"""What becomes of a command that ends as nobody foresaw."""

import gc
import io
import json
import sys
from contextlib import suppress

import pytest

from hub.cli import main
from hub.cli.exit_codes import JUDGING, PLAIN, ExitCodes
from hub.cli.main import ESCAPES
from hub.cli.module_loading import loading


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x"), RecursionError("deep"), MemoryError(), AssertionError("never")]
)
def test_whatever_nobody_foresaw_has_a_code_of_its_own(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        raise error

    assert main._ended(command) == 70
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert type(error).__name__ in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "exits"),
    [
        (["verify", "x"], JUDGING),
        (["--nonsense", "verify", "x"], JUDGING),
        (["log", "verify"], JUDGING),
        (["log", "prove", "verify"], PLAIN),
        (["import", "verify"], PLAIN),
        ([], PLAIN),
    ],
)
def test_only_commands_whose_codes_are_findings_cannot_tell(arguments: list[str], exits: ExitCodes) -> None:
    assert main.exits_of(arguments) is exits


def test_json_stays_json_in_an_encoding_that_lacks_its_characters() -> None:
    main.open_streams()
    told = {"name": "柯城𠮷é\udcff"}
    raw = json.dumps(told, ensure_ascii=False).encode("ascii", ESCAPES)

    assert json.loads(raw) == told
    assert isinstance(sys.stdout, io.TextIOBase)


def test_garbage_is_looked_for_again_once_the_hub_is_loaded_or_could_not_be() -> None:
    with suppress(ImportError), loading():
        assert not gc.isenabled()
        raise ImportError

    assert gc.isenabled()
