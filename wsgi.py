"""For WSGI servers: `granian --interface wsgi wsgi:app`, or simply `hub serve`."""

from hub.app import create_app
from hub.config import Settings

app = create_app(Settings.from_env())
