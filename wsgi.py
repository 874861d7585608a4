"""For WSGI servers; `hub serve` is the one of our own."""

from hub.app import create_app
from hub.config import Settings

app = create_app(Settings.from_env())
