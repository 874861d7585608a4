"""What one parsing may take."""

import resource
from dataclasses import asdict, dataclass

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory_bytes` bounds the address space, in which Python and the libraries already take some 100 MB.

    `wall_seconds` counts the reader's own pauses too: whoever takes rows slowly allows more. `answer_bytes` is all that
    the parser may tell, as JSON text. `written_bytes`: the longest file it may write; parsers write none.
    """

    cpu_seconds: int = 5
    wall_seconds: float = 10.0
    memory_bytes: int = 512 * MB
    answer_bytes: int = 16 * MB
    written_bytes: int = 0
    open_files: int = 32

    def as_json(self) -> dict[str, int | float]:
        return asdict(self)

    def impose(self) -> None:
        """Bind the calling process, for good: the hard limits are set and cannot be raised again."""
        for kind, amount in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, self.written_bytes),
            (resource.RLIMIT_NOFILE, self.open_files),
            (resource.RLIMIT_AS, self.memory_bytes),
        ):
            resource.setrlimit(kind, (amount, amount))
        # at the soft limit the kernel says so with a signal of its own; a process that ignores it ends a second later
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_seconds, self.cpu_seconds + 1))
