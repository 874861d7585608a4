"""Languages: Chinese first, English complete; dates and days left as people write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from pathlib import Path

from flask import Flask
from flask_babel import Babel, get_translations, gettext, ngettext

from hub.config import Settings
from hub.kernel.messages import Message
from hub.web import context

YEAR_SECONDS = 365 * 24 * 60 * 60
_HUB = Path(__file__).parents[1]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class PageLanguage:
    """A language of the pages: our code of it, its tag in HTML, its own name, and the code of the other one."""

    code: str
    tag: str
    name: str
    other: str


TONGUES: Mapping[str, PageLanguage] = {
    "zh": PageLanguage("zh", "zh-CN", "中文", other="en"),
    "en": PageLanguage("en", "en", "English", other="zh"),
}


def install(app: Flask, settings: Settings) -> None:
    """Language per request (`?lang=`, cookie, Accept-Language, setting), and the filters of templates."""
    folders = sorted(str(path) for path in _HUB.glob("**/translations") if path.is_dir())
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    Babel(
        app,
        default_locale=settings.locale,
        default_timezone=settings.timezone.key,
        locale_selector=context.language,
    )
    speech = TemplateSpeech()
    app.jinja_env.install_gettext_callables(speech.gettext, speech.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    app.jinja_env.filters |= {"said": said, "day": day, "moment": moment, "clock": clock, "figure": figure}
    app.jinja_env.globals |= {"days_left": days_left}


class TemplateSpeech:
    """What templates say with `_`: the catalogue of a language is looked up once, not at every message.

    A page says sixty things; Flask-Babel's own look-up took a third of the time of the public page.
    """

    def __init__(self) -> None:
        self._catalogues: dict[str, NullTranslations] = {}

    def gettext(self, message: str) -> str:
        return self._catalogue().gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._catalogue().ngettext(one, many, count)

    def _catalogue(self) -> NullTranslations:
        tongue = context.language()
        found = self._catalogues.get(tongue)
        if found is None:
            found = self._catalogues[tongue] = get_translations()
        return found


def said(message: Message) -> str:
    """Return a message in the language of this request."""
    return str(message.en if context.language() == "en" else message.zh)


def day(value: date | None) -> str:
    """`2026年11月21日` or `21 Nov 2026`; without a date, that there is no end."""
    if value is None:
        return str(gettext("no end date"))
    return _day(value, context.language())


def moment(value: datetime) -> str:
    """Return date and minute in the hub's legal time zone."""
    return moment_for(value, context.language(), context.services().settings)


def moment_for(value: datetime, tongue: str, settings: Settings) -> str:
    """Return the same outside a request."""
    local = value.astimezone(settings.timezone)
    return f"{_day(local.date(), tongue)} {local:%H:%M}"


def _day(value: date, tongue: str) -> str:
    if tongue == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def clock(value: datetime) -> str:
    """Only the time, for what happened a moment ago."""
    return f"{value.astimezone(context.services().settings.timezone):%H:%M}"


def figure(value: float) -> str:
    """Return a number with thousands set apart."""
    return f"{value:,}"


def days_left(until: date | None) -> str:
    """Return how far away a day is, in words: every deadline says it."""
    if until is None:
        return str(gettext("no end date"))
    days = (until - context.today()).days
    if days == 0:
        return str(gettext("ends today"))
    if days > 0:
        return str(ngettext("%(num)d day left", "%(num)d days left", days))
    return str(ngettext("%(num)d day ago", "%(num)d days ago", -days))
