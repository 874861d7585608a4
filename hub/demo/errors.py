"""What stops the demonstration city from being loaded."""

from hub.kernel.errors import ConflictError
from hub.kernel.messages import Message


class RealDataError(ConflictError):
    """The database holds enterprises that came from elsewhere; invented ones are never mixed among them."""

    reason = "DEMO_REAL_DATA"
    message = Message(
        "数据库中已有非演示数据，不能载入演示城市。请换用一个空的数据库。",
        "The database holds enterprises that are no demonstration; use an empty database.",
    )


class OtherDemoError(ConflictError):
    """A demonstration of another size or seed is there already."""

    reason = "DEMO_OTHER"
    message = Message(
        "数据库中已有另一座演示城市（规模或种子不同）。请沿用原参数，或换用一个空的数据库。",
        "A demonstration of another size or seed is there already; use its values, or an empty database.",
    )


class DemoSizeError(ConflictError):
    """The city has from one enterprise to as many as there are words to name them with."""

    reason = "DEMO_SIZE"
    message = Message("演示企业数量须在 1 至 275000 之间。", "A demonstration has 1 to 275,000 enterprises.")
