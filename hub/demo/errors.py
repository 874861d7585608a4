"""What stops the demonstration city from being loaded."""

from hub.kernel.errors import ConflictError


class DemoSwitchError(ConflictError):
    """Invented data is made where every page says so, and nowhere else."""

    reason = "DEMO_SWITCH"
    zh = "演示数据只能在演示模式下载入：请设置 HUB_DEMO=1，并使用空的 HUB_HOME 和数据库。"
    en = "Demonstration data goes into a demonstration only: set HUB_DEMO=1, with an empty HUB_HOME and database."


class DemoDatabaseError(ConflictError):
    """The database is a demonstration's and the hub is not."""

    reason = "DEMO_DATABASE"
    zh = "该数据库是演示数据库，不能用于正式运行：请设置 HUB_DEMO=1，或换用空的 HUB_HOME 和数据库。"
    en = "This database is a demonstration's: set HUB_DEMO=1, or use an empty HUB_HOME and database."


class DemoKeysError(ConflictError):
    """The keys are a demonstration's and the hub is not."""

    reason = "DEMO_KEYS"
    zh = "这些密钥是演示密钥，不能用于正式签发：请换用另一个 HUB_HOME（或 HUB_KEYS）并运行 hub init。"
    en = (
        "These keys are a demonstration's and never sign anything real: use another HUB_HOME (or HUB_KEYS) and run "
        "hub init."
    )


class RealKeysError(ConflictError):
    """The hub is a demonstration and the keys are not."""

    reason = "DEMO_REAL_KEYS"
    zh = "这些密钥不是演示密钥，演示系统不得使用：请为演示单独指定 HUB_HOME 和数据库，并以 HUB_DEMO=1 运行 hub init。"
    en = (
        "These keys are no demonstration's, and a demonstration never signs with real ones: give it a HUB_HOME and a "
        "database of its own and run hub init with HUB_DEMO=1."
    )


class RealDataError(ConflictError):
    """The database holds data that came from elsewhere; invented data is never mixed among it."""

    reason = "DEMO_REAL_DATA"
    zh = "数据库中已有非演示数据，不能用于演示。请换用一个空的数据库。"
    en = "The database holds data that is no demonstration; use an empty database."


class OtherDemoError(ConflictError):
    """A demonstration of another size or seed is there already."""

    reason = "DEMO_OTHER"
    zh = "数据库中已有另一座演示城市（规模或种子不同）。请沿用原参数，或换用一个空的数据库。"
    en = "A demonstration of another size or seed is there already; use its values, or an empty database."


class DemoSizeError(ConflictError):
    """The city has from one enterprise to as many as there are words to name them with."""

    reason = "DEMO_SIZE"
    zh = "演示企业数量须在 1 至 275000 之间。"
    en = "A demonstration has 1 to 275,000 enterprises."
