"""The pictures of the READMEs: `python -m tests.browser.pictures docs/images`.

Each end as its user sees it, in both languages: `public-zh.png`, `enterprise-en.png`, … A fresh demonstration city
is made for it, so that the pictures show what `make run` shows.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from hub.demo.load import DEFAULT_SIZE
from hub.kernel.actor import Role
from tests.browser.samples import Samples, samples_of
from tests.browser.visiting import LOCALES, PHONE, launch, visitor
from tests.support.servers import running_hub


@dataclass(frozen=True)
class Picture:
    name: str
    role: Role | None
    path: Callable[[Samples], str]
    viewport: ViewportSize
    scale: int = 1


DESK: ViewportSize = {"width": 1280, "height": 1300}  # down to the first charts
COLOURS = 256  # flat drawings lose nothing, and the files become a third
PICTURES = (
    Picture("public", None, lambda samples: f"/c/{samples.code}", PHONE, scale=2),
    Picture("enterprise", Role.OWNER, lambda _samples: "/enterprise/", PHONE, scale=2),
    Picture("enforcement", Role.OFFICER, lambda samples: f"/enforcement/code/{samples.code}", PHONE, scale=2),
    Picture("government", Role.OFFICIAL, lambda _samples: "/government/", DESK),
)
NAMES = {"zh": "示范用户", "en": "Demo User"}


def take(folder: Path) -> list[Path]:
    """Write every picture in every language into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hub-pictures-") as scratch:
        home = Path(scratch) / "var"
        with running_hub(home, enterprises=DEFAULT_SIZE) as server, sync_playwright() as playwright:
            samples = samples_of(server)
            browser = launch(playwright)
            try:
                return [
                    _take(each, language, browser, samples, folder)
                    for each in PICTURES
                    for language in LOCALES
                ]
            finally:
                browser.close()


def _take(picture: Picture, language: str, browser: Browser, samples: Samples, folder: Path) -> Path:
    target = folder / f"{picture.name}-{language}.png"
    with visitor(
        browser,
        samples.server,
        language=language,
        viewport=picture.viewport,
        device_scale_factor=picture.scale,
        reduced_motion="reduce",
    ) as found:
        if picture.role is not None:
            found.login(picture.role, name=NAMES[language])
        tab = found.open(picture.path(samples))
        tab.wait_for_load_state("networkidle")
        screen = Image.open(BytesIO(tab.screenshot())).convert("RGB")
        screen.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for path in take(parser.parse_args().folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
