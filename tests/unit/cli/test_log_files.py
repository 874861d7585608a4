"""The file of request lines stays bounded, and nobody's lines are lost while it is moved."""

import logging
from logging.handlers import WatchedFileHandler
from pathlib import Path

from hub.cli.log_files import move_aside


def test_a_short_log_stays(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    assert not move_aside(path, max_bytes=10)
    path.write_text("short", encoding="utf-8")
    assert not move_aside(path, max_bytes=10)
    assert path.read_text(encoding="utf-8") == "short"


def test_a_long_log_is_moved_and_the_oldest_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    for number in range(5):
        path.write_text(f"{number}" * 10, encoding="utf-8")
        assert move_aside(path, max_bytes=10, kept=2)

    assert sorted(each.name for each in tmp_path.iterdir()) == ["requests.jsonl.1", "requests.jsonl.2"]
    assert path.with_name("requests.jsonl.1").read_text(encoding="utf-8") == "4" * 10


def test_who_writes_meanwhile_begins_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    handler = WatchedFileHandler(path, encoding="utf-8")
    try:
        handler.emit(logging.makeLogRecord({"msg": "before"}))
        move_aside(path, max_bytes=1)
        handler.emit(logging.makeLogRecord({"msg": "after"}))
    finally:
        handler.close()

    assert path.with_name("requests.jsonl.1").read_text(encoding="utf-8") == "before\n"
    assert path.read_text(encoding="utf-8") == "after\n"
