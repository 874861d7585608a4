"""One of several processes that ask for the same plate at once: `python -m tests.support.racing PREMISES THREADS`.

Says `ready`, waits for a line, and prints one JSON object: the plates it was given, the errors it met, how often it signed.
"""

import json
import sys
from uuid import UUID

from hub.codes.plates.queries import PlateView
from hub.config import Settings
from hub.trust.record.database import open_database
from tests.support.issuing import Watch
from tests.support.plates import NOW, lay_plate
from tests.support.threads import at_once


def main() -> None:
    premises_id, threads = UUID(sys.argv[1]), int(sys.argv[2])
    settings = Settings.from_env()
    db, watch = open_database(settings.database_url), Watch(settings)
    press = watch.press
    print("ready", flush=True)
    sys.stdin.readline()
    results = at_once(threads, lambda _: lay_plate(premises_id, press=press, now=NOW, db=db))
    told = {
        "plates": [each.plate_id for each in results if isinstance(each, PlateView)],
        "errors": [type(each).__name__ for each in results if isinstance(each, Exception)],
        "signed": len(watch.signed),
    }
    print(json.dumps(told), flush=True)
    db.close()


if __name__ == "__main__":
    main()
