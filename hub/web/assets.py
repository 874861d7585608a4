"""Static files under addresses that change with their content, and the icon sprite."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from markupsafe import Markup

YEAR_SECONDS = 365 * 24 * 60 * 60
_SPRITE = Path(__file__).with_name("static") / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)
_EXTENSION = "hub-assets"
STATUS_ICONS: Mapping[str, str] = {  # a state is never said by colour alone
    "blue": "circle-check",
    "yellow": "triangle-alert",
    "red": "octagon-alert",
    "grey": "circle-minus",
}


class UnknownAssetError(Exception):
    """A template names a file or an icon that we do not ship."""


class Assets:
    """Hashes of static files, each read once, and the drawings of the sprite."""

    def __init__(self) -> None:
        self._tags: dict[str, str] = {}
        self.addresses: dict[tuple[str | None, str], str] = {}
        self.drawings: dict[str, str] = dict(_SYMBOL.findall(_SPRITE.read_text(encoding="utf-8")))

    def tag(self, folder: str | None, name: str) -> str:
        """Return the first 12 characters of a file's SHA-256 in base64url."""
        key = f"{folder}/{name}"
        if key not in self._tags:
            path = Path(folder or "") / name
            if not path.is_file():
                raise UnknownAssetError(key)
            digest = hashlib.sha256(path.read_bytes()).digest()
            self._tags[key] = base64.urlsafe_b64encode(digest)[:12].decode("ascii")
        return self._tags[key]


def install(app: Flask) -> None:
    app.extensions[_EXTENSION] = Assets()
    app.jinja_env.globals |= {
        "STATUS_ICONS": STATUS_ICONS,
        "asset": asset,
        "icon": icon,
        "icon_inline": icon_inline,
        "icon_symbol": icon_symbol,
    }
    app.after_request(_keep)


def asset(name: str, blueprint: str | None = None) -> str:
    """Return the address of a static file of the shared folder, or of a blueprint's. Raises: UnknownAssetError."""
    known = _assets().addresses
    if (blueprint, name) not in known:  # made once: a page names some thirty icons
        endpoint = f"{blueprint}.static" if blueprint else "static"
        tag = _assets().tag(_folder(blueprint), name)
        known[blueprint, name] = url_for(endpoint, filename=name, v=tag)
    return known[blueprint, name]


def icon(name: str) -> Markup:
    """Return a decorative icon from the sprite; the words beside it carry the meaning."""
    if name not in _assets().drawings:
        raise UnknownAssetError(f"icon {name}")
    href = f"{asset('icons.svg')}#{name}"
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(href)


def icon_inline(name: str) -> Markup:
    """Return the same, drawn in place: for pages that must not need another request."""
    drawing = _assets().drawings.get(name)
    if drawing is None:
        raise UnknownAssetError(f"icon {name}")
    opening = '<svg class="icon" aria-hidden="true" viewBox="0 0 24 24">'
    return Markup(opening + drawing + "</svg>")  # noqa: S704  # our own vendored sprite


def icon_symbol(name: str) -> Markup:
    """Return the drawing alone as `<symbol id=name>`: a page that shows it many times draws it once."""
    drawing = _assets().drawings.get(name)
    if drawing is None:
        raise UnknownAssetError(f"icon {name}")
    opening = Markup('<symbol id="{}" viewBox="0 0 24 24">').format(name)
    return opening + Markup(drawing + "</symbol>")  # noqa: S704  # our own vendored sprite


def _keep(response: Response) -> Response:
    if not (request.endpoint or "").endswith("static"):
        return response
    blueprint = (request.endpoint or "").rpartition(".")[0] or None
    name = (request.view_args or {}).get("filename", "")
    found = request.method != "OPTIONS" and response.status_code in {200, 206, 304}
    if found and request.args.get("v") == _assets().tag(_folder(blueprint), name):
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _folder(blueprint: str | None) -> str | None:
    return current_app.blueprints[blueprint].static_folder if blueprint else current_app.static_folder


def _assets() -> Assets:
    found: Assets = current_app.extensions[_EXTENSION]
    return found
