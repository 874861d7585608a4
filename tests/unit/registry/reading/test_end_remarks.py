"""Remarks behind 'no end': those that take it back, or count a time, are never stored as valid for ever."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from hub.registry.reading.days import read_end
from hub.registry.reading.errors import RowRefusedError


def end(text: str) -> date | None:
    return read_end(text, "d", ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    "remark",
    [
        "数年",
        "几个月",
        "II年",
        "已到期",
        "已届满",
        "已失效",
        "已注销",
        "期满未延续",
        "暂定",
        "至明年",
        "截止今年底",
        "本年内",
        "终止前",
    ],
)
@pytest.mark.parametrize("word", ["长期", "长期有效", "永久"])
def test_a_remark_that_takes_no_end_back_is_refused(word: str, remark: str) -> None:
    with pytest.raises(RowRefusedError) as caught:
        end(f"{word}({remark})")
    assert caught.value.reason == "DATE"


@pytest.mark.parametrize("remark", ["", "有效", "注", "以年度报告为准", "依法须经批准的项目除外"])
def test_any_other_remark_leaves_it_without_an_end(remark: str) -> None:
    assert end(f"长期({remark})") is None
