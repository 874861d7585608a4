"""Fetch the third-party browser files we ship: `python packaging/vendor.py`.

The files are committed; nothing here runs when the hub runs. Every package is pinned by version and by the
registry's SHA-512, its prebuilt files are copied as they are together with their licences, and
`vendor.lock.json` records an SRI hash of each, which a contract test recomputes.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = Path(__file__).with_name("vendor.lock.json")
STATIC = "hub/web/static/vendor"
SPRITE = "hub/web/static/icons.svg"
_SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class IntegrityError(Exception):
    """A downloaded package is not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: `files` maps a path inside it to a path in this repository."""

    name: str
    version: str
    licence: str
    integrity: str
    files: tuple[tuple[str, str], ...]


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",  # 4.x swaps error answers and drops implicit inheritance, which silently stops the CSRF header
        "0BSD",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        (("dist/htmx.min.js", f"{STATIC}/htmx/htmx.min.js"), ("LICENSE", f"{STATIC}/htmx/LICENSE")),
    ),
    Package(
        "zxing-wasm",
        "3.1.4",
        "MIT (the code), Apache-2.0 (zxing-cpp inside)",
        "sha512-1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w==",
        (
            ("dist/iife/reader/index.js", f"{STATIC}/zxing/reader.js"),
            ("dist/reader/zxing_reader.wasm", f"{STATIC}/zxing/zxing_reader.wasm"),
            ("LICENSE", f"{STATIC}/zxing/LICENSE"),
        ),
    ),
    Package(
        "@simplewebauthn/browser",
        "14.0.0",
        "MIT",
        "sha512-1odWVqeEBTl7lJ9zMKLEsmTlnyrDO5iRcTvfMKKk1WThUnp/i8JJdffdj2icP+tty159s4PgwE3BiMoEW9NFow==",
        (
            ("dist/bundle/index.umd.min.js", f"{STATIC}/simplewebauthn/simplewebauthn.min.js"),
            ("LICENSE.md", f"{STATIC}/simplewebauthn/LICENSE.md"),
        ),
    ),
    Package(
        "echarts",
        "6.1.0",
        "Apache-2.0",
        "sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
        (
            (
                "dist/echarts.common.min.js",
                f"{STATIC}/echarts/echarts.common.min.js",
            ),  # bars, axes, legend, SVG: no maps
            ("LICENSE", f"{STATIC}/echarts/LICENSE"),
            ("NOTICE", f"{STATIC}/echarts/NOTICE"),
        ),
    ),
    Package(
        "idb",
        "8.0.4",
        "ISC",
        "sha512-jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        (("build/umd.js", f"{STATIC}/idb/idb.js"), ("LICENSE", f"{STATIC}/idb/LICENSE")),
    ),
    Package(
        "lucide-static",
        "1.62.0",
        "ISC",
        "sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
        (("LICENSE", f"{STATIC}/lucide/LICENSE"),),
    ),
    Package(
        "@expo-google-fonts/noto-sans-sc",
        "0.4.3",
        "OFL-1.1 (the font)",
        "sha512-9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
        (
            ("400Regular/NotoSansSC_400Regular.ttf", "hub/codes/fonts/NotoSansSC-Regular.ttf"),
            ("LICENSE_FONT", "hub/codes/fonts/LICENSE-OFL.txt"),
        ),
    ),
    Package(
        "axe-core",
        "4.14.1",  # development only: never served by the hub
        "MPL-2.0",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        (
            ("axe.min.js", "tests/browser/vendor/axe.min.js"),
            ("LICENSE", "tests/browser/vendor/LICENSE-axe-core"),
        ),
    ),
)

ICONS = (  # the lucide icons our pages name; add one here, run the script, commit the sprite
    *("activity", "alarm-clock", "archive", "arrow-left", "arrow-right", "award", "ban", "bell", "book-open"),
    *(
        "briefcase",
        "building-2",
        "calendar",
        "calendar-clock",
        "camera",
        "chart-column",
        "check",
        "chevron-down",
    ),
    *(
        "chevron-left",
        "chevron-right",
        "circle-alert",
        "circle-check",
        "circle-help",
        "circle-minus",
        "circle-x",
    ),
    *(
        "clipboard-check",
        "clipboard-list",
        "clock",
        "cloud-off",
        "database",
        "download",
        "external-link",
        "eye",
    ),
    *("eye-off", "factory", "file-check", "file-text", "files", "fingerprint-pattern", "flag", "funnel"),
    *("git-compare", "globe", "hand", "history", "house", "id-card", "image", "inbox", "info", "key-round"),
    *("landmark", "layers", "layout-dashboard", "link", "list-checks", "loader-circle", "lock", "log-in"),
    *(
        "log-out",
        "mail",
        "map-pin",
        "megaphone",
        "menu",
        "message-square",
        "monitor",
        "moon",
        "octagon-alert",
    ),
    *(
        "pencil",
        "phone",
        "plus",
        "printer",
        "qr-code",
        "refresh-cw",
        "rotate-ccw",
        "save",
        "scan-line",
        "scale",
    ),
    *("search", "send", "server", "settings", "share-2", "shield", "shield-alert", "shield-check", "signal"),
    *("smartphone", "square-check", "star", "store", "table", "tag", "thumbs-up", "trash-2", "trending-down"),
    *("trending-up", "triangle-alert", "upload", "user", "user-check", "user-plus", "users", "wallet-cards"),
    *("wifi", "wifi-off", "wrench", "x", "zap"),
)


def sri(content: bytes) -> str:
    """The subresource-integrity value of a file: `sha384-…` (W3C SRI §3.2)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode("ascii")


def main() -> None:
    """Download, check, copy, and write the lock. Raises IntegrityError, CalledProcessError."""
    entries: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            members = _unpack(package, Path(folder))
            for inside, target in package.files:
                entries.append(_write(package, members[inside], target))
            if package.name == "lucide-static":
                entries.append(_write(package, _sprite(members), SPRITE))
            if (
                package.name == "zxing-wasm"
            ):  # the WebAssembly is zxing-cpp, whose licence the package does not carry
                text = (ROOT / "LICENSE").read_bytes()
                entries.append(_write(package, text, f"{STATIC}/zxing/LICENSE-zxing-cpp"))
    LOCK.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _unpack(package: Package, folder: Path) -> dict[str, bytes]:
    spec = f"{package.name}@{package.version}"
    answer = subprocess.run(  # noqa: S603  # fixed arguments, names from the table above
        ["npm", "pack", spec, "--json", "--pack-destination", str(folder)],  # noqa: S607  # npm from the maintainer's PATH
        check=True,
        capture_output=True,
        text=True,
    )
    content = (folder / json.loads(answer.stdout)[0]["filename"]).read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode("ascii")
    if found != package.integrity:
        raise IntegrityError(f"{spec}: expected {package.integrity}, found {found}")
    wanted = {inside for inside, _ in package.files}
    members: dict[str, bytes] = {}
    with tarfile.open(folder / json.loads(answer.stdout)[0]["filename"]) as archive:
        for member in archive.getmembers():
            inside = member.name.partition("/")[2]
            if inside in wanted or inside.startswith("icons/"):
                file = archive.extractfile(member)
                members[inside] = file.read() if file else b""
    return members


def _sprite(members: dict[str, bytes]) -> bytes:
    symbols = "".join(_symbol(name, members[f"icons/{name}.svg"].decode("utf-8")) for name in ICONS)
    text = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence -->{symbols}</svg>\n'
    return text.encode("utf-8")


def _symbol(name: str, svg: str) -> str:
    body = _SVG_BODY.search(svg)
    if body is None:
        raise IntegrityError(f"icon {name} is not an SVG drawing")
    drawing = re.sub(r"\s*\n\s*", "", body[1])
    return f'\n<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def _write(package: Package, content: bytes, target: str) -> dict[str, object]:
    path = ROOT / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {
        "path": target,
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "bytes": len(content),
        "sri": sri(content),
    }


if __name__ == "__main__":
    main()
