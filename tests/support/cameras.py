"""A camera for headless Chromium: a clip of a blank wall, and then of whatever is held in front of it."""

import subprocess
from io import BytesIO
from pathlib import Path

import qrcode
from PIL import Image

FRAME = (1280, 720)
WALL = (176, 172, 164)
SHARE = 0.9  # of the frame's height that the thing held up covers


def picture_of_code(text: str) -> Image.Image:
    """Any text as a QR symbol, as a forger would make it with any generator."""
    image = qrcode.make(text, border=4, box_size=8).get_image()
    return image.convert("RGB")


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def photograph(held_up: Image.Image) -> Image.Image:
    """What the lens sees: the thing in the middle of the wall."""
    frame = Image.new("RGB", FRAME, WALL)
    factor = SHARE * FRAME[1] / max(held_up.size)
    shown = held_up.resize(
        (round(held_up.width * factor), round(held_up.height * factor)), Image.Resampling.LANCZOS
    )
    frame.paste(shown, ((FRAME[0] - shown.width) // 2, (FRAME[1] - shown.height) // 2))
    return frame


def clip(folder: Path, held_up: Image.Image) -> Path:
    """A one-second look at the wall and a two-second look at the thing, as Chromium's fake camera loops it."""
    folder.mkdir(parents=True, exist_ok=True)
    wall, code, target = folder / "wall.png", folder / "code.png", folder / "camera.mjpeg"
    Image.new("RGB", FRAME, WALL).save(wall)
    photograph(held_up).save(code)
    still = ["-framerate", "10", "-loop", "1", "-t"]
    command = [
        "ffmpeg",
        "-y",
        "-loglevel",
        "error",
        *still,
        "1",
        "-i",
        str(wall),
        *still,
        "2",
        "-i",
        str(code),
    ]
    command += ["-filter_complex", "[0][1]concat=n=2:v=1,format=yuvj420p", "-c:v", "mjpeg", "-q:v", "3"]
    subprocess.run([*command, "-f", "mjpeg", str(target)], check=True, timeout=60)
    return target
