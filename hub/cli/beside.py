"""A process that runs beside the server: started again when it ends, and ended with the server."""

import logging
import subprocess
import threading
from collections.abc import Sequence

PAUSE_SECONDS = 2.0  # between an end and the next start: a start that fails at once must not fill a processor
END_SECONDS = 10.0  # what a duty under way may take to finish; then the process is killed

_log = logging.getLogger(__name__)


class Beside:
    """One process, kept running from `start` until `stop`."""

    def __init__(self, command: Sequence[str], *, pause: float = PAUSE_SECONDS) -> None:
        self._command = tuple(command)
        self._pause = pause
        self._stopping = threading.Event()
        self._starting = threading.Lock()  # no process is started once `stop` has looked
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="beside", daemon=True)

    def start(self) -> None:
        """Raises: OSError when the program is not there."""
        self._launch()
        self._keeper.start()

    def stop(self) -> None:
        """The process is gone afterwards, and none comes after it."""
        self._stopping.set()
        with self._starting:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._keeper.is_alive():
            self._keeper.join()

    def _keep(self) -> None:
        while True:
            process = self._process
            if process is not None:
                code = process.wait()
                if self._stopping.wait(self._pause):
                    return  # with the server: a terminal's Ctrl-C reaches both, and the worker is gone first
                _log.error("%s ended (%d) and is started again", " ".join(self._command[1:]), code)
            elif self._stopping.wait(self._pause):
                return
            try:
                self._launch()
            except OSError as error:  # no memory or no process left just now
                self._process = None
                _log.error("it cannot be started: %s", error.strerror)  # the fact, no traceback

    def _launch(self) -> None:
        with self._starting:
            if not self._stopping.is_set():
                self._process = subprocess.Popen(self._command)  # noqa: S603  # our own command
