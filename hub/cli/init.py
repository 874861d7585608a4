import click

from hub import schema
from hub.access.remits import adopt
from hub.cli.context import HubContext
from hub.codes.plates import statuses as plates
from hub.config import Settings, make_home
from hub.demo import separation
from hub.kernel.database import Database
from hub.kernel.errors import ReadOnlyError
from hub.licenses import rereading
from hub.licenses import statuses as licenses
from hub.licenses.reference.loader import shipped_reference
from hub.licenses.reference.service import begin_catalogue
from hub.licenses.reference.stored_tables import StoredReferenceTables
from hub.registry import statuses as enterprises
from hub.trust import personal_fields
from hub.trust.keys.issuer import ring_folder
from hub.trust.keys.management import KeyManagement, recorded_serials
from hub.trust.keys.profiles import require_profile
from hub.trust.log.adoption import begin
from hub.trust.log.key_loss import sign_anew
from hub.trust.record import guard
from hub.trust.record.database import open_database
from hub.trust.witnesses import read_only
from keys import KeyRing, RingMissingError, profile_algorithms
from keys.ring_file import RING_FILE, is_marked


@click.command(epilog="Example: HUB_HOME=/srv/hub hub init")
@click.option(
    "--new-keys",
    is_flag=True,
    help="Though a key folder was lost: what it signed fails from now on. 原密钥已丢失，重新生成。",
)
@click.pass_obj
def init(hub: HubContext, *, new_keys: bool) -> None:
    """Make what the hub needs: folders, database, keys. Safe to run again. 初始化,可重复运行。"""
    hub.makes_home = True
    settings = hub.settings
    require_profile(settings.profile)
    make_home(settings.home)
    database = open_database(settings.database_url)
    personal_fields.attach(database, hub.key_ring)
    before = schema.current(database)
    schema.upgrade(database)
    _require_newest(database, settings)
    guard.install(database)
    _refuse_mixture(database, settings)
    if hub.settings.demo:
        separation.open_demonstration(database, by=hub.by, now=hub.now())
    begin(database, by=hub.by, now=hub.now())
    _complete(database, hub)
    adopt(database, by=hub.by, now=hub.now())
    was_lost = not (ring_folder(settings).path / RING_FILE).is_file()
    ring = _keys(database, hub, new_keys=new_keys)
    _seal(database, hub, ring, new_keys=new_keys)
    if (
        new_keys
        and was_lost
        and sign_anew(database, issuer=hub.issuer(), origin=settings.log_origin, by=hub.by, now=hub.now())
    ):
        click.echo("The public log goes on under a new key, on record. 公开日志改用新密钥，已留痕。")
    hub.take_into_log(database)
    database.close()
    state = "already at" if before == schema.head() else "brought to"
    click.echo(f"Database {state} revision {schema.head()}; {len(ring.infos)} keys. 数据库与密钥已就绪。")


def _refuse_mixture(database: Database, settings: Settings) -> None:
    """Before anything is marked or made: HUB_DEMO=1 by mistake must not turn a real hub that is still empty into a
    demonstration, nor the other slip give a demonstration real keys; neither could be undone.

    Raises: DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError.
    """
    has_demo_keys = is_marked(ring_folder(settings).path, settings.demo)
    with database.read() as session:
        is_older = settings.demo and not has_demo_keys and separation.has_begun(session)
    if not is_older:  # of before there were marks: `_require_apart` gives its keys one
        separation.require_together(database, demo=settings.demo, has_demo_keys=has_demo_keys)


def _require_apart(database: Database, hub: HubContext, ring: KeyRing) -> None:
    """A demonstration of before there were marks gets one for its keys, which signed for it.

    Raises: DemoDatabaseError, DemoKeysError, RealKeysError, RealDataError.
    """
    with database.read() as session:
        is_older = hub.settings.demo and not ring.is_demonstration and separation.has_begun(session)
    if is_older:
        ring_folder(hub.settings).mark_demonstration()
    else:
        separation.require_together(database, demo=hub.settings.demo, has_demo_keys=ring.is_demonstration)


def _require_newest(database: Database, settings: Settings) -> None:
    """Nothing is written to, or signed for, a database that is behind its witnesses. Raises: ReadOnlyError."""
    read_only.watch(database, settings.home)
    reason = database.read_only
    if reason is not None:
        database.close()
        raise ReadOnlyError(f"{reason.en} {reason.zh}")


def _complete(database: Database, hub: HubContext) -> None:
    """Status lists for what was stored and issued before there were lists, the catalogue, scopes read by an earlier version."""
    enterprises.complete(database, now=hub.now())
    licenses.complete(database, now=hub.now())
    plates.complete(database, by=hub.by, now=hub.now())
    today, shipped = hub.settings.today(hub.now()), shipped_reference()
    begin_catalogue(shipped.rows, by=hub.by, now=hub.now(), db=database)
    reference = StoredReferenceTables(database, shipped).on(today)
    rereading.begin_counting(database, reference=reference)
    rereading.complete(database, on=today, items=reference.items)


def _seal(database: Database, hub: HubContext, ring: KeyRing, *, new_keys: bool) -> None:
    """Put every personal field under the data key in use, also what was stored before there were any.

    Raises: DataKeysMissingError, DataKeysDamagedError.
    """
    algorithms = profile_algorithms(hub.settings.profile)
    personal_fields.require_keys(database, ring, algorithms=algorithms, new_keys=new_keys)
    personal_fields.complete(database, ring.data_keys.open())


def _keys(database: Database, hub: HubContext, *, new_keys: bool) -> KeyRing:
    """The ring, made where there was none. Raises: RingMissingError when the record knows of one that was lost."""
    place = ring_folder(hub.settings)
    earlier = recorded_serials(database)
    if earlier and not (place.path / RING_FILE).is_file() and not new_keys:
        raise RingMissingError(
            f"{place.path} holds no key ring, but this hub had one; restore it from a backup, or give up what it "
            "signed: hub init --new-keys"
        )
    ring = KeyRing.create(
        place.path,
        place.passphrase,
        now=hub.now(),
        source=place.source,
        algorithms=profile_algorithms(hub.settings.profile),
        earlier=earlier,
        is_demonstration=hub.settings.demo,
    )
    _require_apart(database, hub, ring)
    KeyManagement(database, place, hub.by).reconcile(ring.book, now=hub.now())
    return ring
