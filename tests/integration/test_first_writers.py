"""What stands between a process and its first write is asked once, however many writers come first together."""

import threading
from pathlib import Path

from hub.kernel.errors import ReadOnlyError
from hub.kernel.messages import Message
from hub.trust.record.database import open_database

WRITERS = 2


def test_of_two_first_writers_both_are_told_what_the_doubt_found(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    both_came = threading.Barrier(WRITERS)
    asked: list[int] = []
    found: list[str] = []

    def doubt() -> Message | None:
        asked.append(1)
        threading.Event().wait(0.2)  # so that the other comes while this is asked
        return Message("不可写。", "Not to be written.")

    def write() -> None:
        both_came.wait()
        try:
            with db.write():
                found.append("wrote")
        except (ReadOnlyError, TypeError) as error:
            found.append(type(error).__name__)

    db.doubt = doubt
    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.close()

    assert found == ["ReadOnlyError"] * WRITERS
    assert len(asked) == 1
