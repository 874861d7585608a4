"""Loading one file: read, check, store and count in transactions of one chunk, to be gone on with after any stop."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.feeds import batches as feeds_batches
from hub.feeds import differences, waiting_batches
from hub.feeds.batches import FileFacts, Loading
from hub.feeds.checks import CheckContext
from hub.feeds.chunks import Chunk, judge, store
from hub.feeds.differences import Difference
from hub.feeds.errors import AlreadyLoadingError, FileRefusedError
from hub.feeds.file_names import file_name
from hub.feeds.kinds import Origin
from hub.feeds.readers.detection import is_workbook, open_reader
from hub.feeds.readers.rows import TableReader
from hub.feeds.recognition import RecognisedFile, recognise
from hub.feeds.sources import shipped_sources
from hub.kernel import counts
from hub.kernel.actor import Doer
from hub.kernel.bulk import batches
from hub.kernel.database import Database
from hub.kernel.sandbox import ParserAwayError, ParserBusyError, Sandbox
from hub.licenses.reference.rules import Reference
from hub.licenses.summaries import refresh_stale
from hub.registry.exceptions.queries import codes_on_list
from hub.registry.records import Provenance

T = TypeVar("T")
Progress = Callable[[int, float], None]  # rows so far, how much of the file

ROWS_AT_ONCE = 1_000  # one transaction: some tenths of a second, so that others get their turn to write
HASH_BYTES = 1 << 20
SUMMARIES_AT_ONCE = 1_000
LEGAL_ZONE: Final = ZoneInfo("Asia/Shanghai")  # unless the hub is set to another
COLLISIONS = 10  # of one chunk with other loads; each time the others have got further


class TransactionRunner(Protocol):
    """How a piece of work gets its transaction: `Database.run`, or the one transaction of a trial."""

    def __call__(self, work: Callable[[Session], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """One file to be loaded: by whom, when; `source` None: the header tells. `zone`: of legal days.

    `reference`: what is in force on `today`.

    `sandbox`: where workbooks are parsed.
    """

    path: Path
    source: str | None
    by: Doer
    now: datetime
    today: date
    reference: Reference
    progress: Progress | None = None
    zone: tzinfo = LEGAL_ZONE
    keep: Path | None = None  # where a copy is kept of a file that waits for a person; None: nowhere
    sandbox: Sandbox | None = None


def load_file(request: LoadRequest, *, db: Database) -> Loading:
    """Load a file, or go on with it where a stopped load ended; loaded again, it changes nothing.

    Colours and counts follow with `settle`, once for all files of a run.
    One that would change too much of what stands waits for a person, and nothing of it is stored (`is_held`).
    Raises: FileRefusedError when it cannot be read (which is remembered), AlreadyLoadingError.
    """
    try:
        reader, recognised = _opened(request)
    except FileRefusedError as error:
        db.run(partial(_reject, request=request, failure=str(error)))
        raise
    with closing(reader):
        loading = _load(reader, recognised, request, partial(_run_beside_others, db))
    if loading.is_held and request.keep is not None:
        waiting_batches.keep_copy(request.keep, request.path, loading.batch_id)
    counts.fold(db)
    return loading


def load_approved_files(  # noqa: PLR0913  # what a request needs, for several files
    db: Database,
    *,
    keep: Path,
    by: Doer,
    now: datetime,
    today: date,
    reference: Reference,
    zone: tzinfo,
    sandbox: Sandbox,
) -> int:
    """Load what was approved from the kept copies, and drop copies that nobody needs; how many were loaded.

    Stopped in the middle, the next run goes on with the batch where it stands, as every load does.
    Raises: ParserBusyError, ParserAwayError when workbooks wait for a parser; all else is loaded by then.
    """
    kept = waiting_batches.copies(keep)
    if not kept:
        return 0
    with db.read() as session:
        ready = waiting_batches.to_apply(session, kept)
    waits: ParserBusyError | ParserAwayError | None = None
    for batch_id, source in ready.items():
        if waits is not None and is_workbook(kept[batch_id]):
            continue  # it would wait for the same parsers, and the worker's other duties with it
        file = kept[batch_id]
        request = LoadRequest(file, source, by, now, today, reference, zone=zone, sandbox=sandbox)
        try:
            load_file(request, db=db)
        except (ParserBusyError, ParserAwayError) as error:
            waits = error
        except (FileRefusedError, AlreadyLoadingError):
            continue  # on record, or loaded by somebody else
    with db.read() as session:
        done = waiting_batches.settled(session, kept)
    for batch_id in done:
        kept[batch_id].unlink(missing_ok=True)
    if waits is not None:
        raise waits
    return len(ready)


def settle(
    db: Database, *, today: date, reference: Reference, progress: Callable[[int], object] | None = None
) -> None:
    """After the files of a run: bring colours and counts up to date, in transactions of some enterprises each.

    What a stopped run leaves over is done by the next one, or by the hub's background work.
    """
    done = 0
    while count := refresh_stale(db, on=today, reference=reference, limit=SUMMARIES_AT_ONCE):
        done += count
        counts.fold(db)
        if progress is not None:
            progress(done)


@contextmanager
def trial(db: Database) -> Iterator[TransactionRunner]:
    """One transaction for files that are only tried, taken back at the end; they build on one another as they would.

    On SQLite others wait with their writing meanwhile.
    """
    with db.write() as session:

        def run(work: Callable[[Session], T]) -> T:
            done = work(session)
            session.flush()
            return done

        yield run
        session.rollback()


def try_file(request: LoadRequest, *, run: TransactionRunner) -> Loading:
    """Return what `load_file` would answer, inside a trial. Raises: FileRefusedError."""
    reader, recognised = _opened(request)
    with closing(reader):
        return _load(reader, recognised, request, run)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(HASH_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _run_beside_others(db: Database, work: Callable[[Session], T]) -> T:
    """Two loads may insert the same enterprise at the same moment; the one that lost finds it there next time."""
    for _ in range(COLLISIONS):
        with suppress(IntegrityError):
            return db.run(work)
    return db.run(work)


def _opened(request: LoadRequest) -> tuple[TableReader, RecognisedFile]:
    reader = open_reader(request.path, request.sandbox)
    try:
        return reader, recognise(
            reader.heads(), shipped_sources(), named=request.source, catalogue=request.reference.types
        )
    except FileRefusedError:
        reader.close()
        raise


def _load(
    reader: TableReader, recognised: RecognisedFile, request: LoadRequest, run: TransactionRunner
) -> Loading:
    file = FileFacts(file_name(request.path), file_digest(request.path), recognised.source.id)
    loading = run(partial(feeds_batches.begin, file=file, by=request.by, now=request.now))
    context = CheckContext(
        recognised.source,
        request.reference.types,
        request.today,
        request.zone,
        exceptions=run(codes_on_list),
    )
    if loading.is_held:
        run(partial(waiting_batches.still_waits, loading=loading, by=request.by, now=request.now))
        return loading
    if not loading.is_assessed and not loading.replay:
        found = _assessed(recognised, request, context, run)
        if found is not None and found.is_too_much:
            run(partial(waiting_batches.hold, loading=loading, found=found, by=request.by, now=request.now))
            return replace(loading, state=feeds_batches.HELD, difference=found.document())
    provenance = Provenance(
        source=file.source, now=request.now, batch_id=loading.batch_id, first_received_at=loading.received_at
    )
    origin = Origin(provenance, request.today, request.reference, loading.replay)
    rows = islice(reader.rows(recognised.headers), loading.position, None)
    try:
        for piece in batches(rows, ROWS_AT_ONCE):
            chunk = judge(piece, recognised, context)
            loading = run(partial(_store, loading=loading, chunk=chunk, context=context, origin=origin))
            _tell(request, loading, reader.fraction())
    except FileRefusedError as error:
        run(partial(feeds_batches.fail, loading=loading, failure=str(error), by=request.by, now=request.now))
        raise
    run(partial(feeds_batches.finish, loading=loading, by=request.by, now=request.now))
    return loading


def _assessed(
    recognised: RecognisedFile, request: LoadRequest, context: CheckContext, run: TransactionRunner
) -> Difference | None:
    """What the whole file would change, read for itself beforehand; None when nothing of its source stands.

    A file that turns out damaged ends here as it would end while it is loaded: with what comes before the damage.
    """
    found = run(partial(differences.begin, source=recognised.source))
    if found is None:
        return None
    reader, recognised = _opened(request)
    with closing(reader), suppress(FileRefusedError):
        for piece in batches(reader.rows(recognised.headers), ROWS_AT_ONCE):
            chunk = judge(piece, recognised, context)
            run(partial(differences.compare, chunk=chunk, found=found))
    return found


def _store(
    session: Session, *, loading: Loading, chunk: Chunk, context: CheckContext, origin: Origin
) -> Loading:
    stored = store(session, chunk, context.source.kind, origin)
    return feeds_batches.advance(session, loading, chunk, stored)


def _reject(session: Session, *, request: LoadRequest, failure: str) -> None:
    digest = file_digest(request.path) if request.path.is_file() else ""
    file = FileFacts(file_name(request.path), digest, request.source or feeds_batches.UNRECOGNISED)
    feeds_batches.reject(session, file, failure=failure, by=request.by, now=request.now)


def _tell(request: LoadRequest, loading: Loading, fraction: float) -> None:
    if request.progress is not None:
        request.progress(loading.position, fraction)
