"""The JavaScript verifier as static files: what the public pages and third parties load (docs/offline.md)."""

from pathlib import Path

from flask import Blueprint

import signing

FOLDER = Path(signing.__file__).with_name("javascript")
PATH = "/static/verifier"

blueprint = Blueprint("verifier", __name__, static_folder=FOLDER, static_url_path=PATH)
