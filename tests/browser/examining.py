"""What is asked of every page, whatever it is about."""

from playwright.sync_api import Page as Tab

from tests.browser.pages import Page
from tests.browser.samples import Samples
from tests.browser.visiting import DESKTOP, LANGS, PHONE, SMALL_PHONE, Visitor, accessibility_faults

DARK_IN = "zh"  # colours do not depend on the language, so once is enough
TOUCH = 44  # CSS pixels: what a thumb hits (WCAG 2.5.5; Apple's and Google's guides say the same)
_TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter(
    e => e.getBoundingClientRect().right > root.clientWidth + 0.5);
  return [`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth} ` +
    wide.slice(0, 6).map(e => e.tagName + "." + e.getAttribute("class")).join(" ")];
}"""
# The main actions: buttons, navigation, and fields. A link inside a sentence is as high as its line (WCAG 2.5.8).
_TOO_SMALL = """least => {
  const seen = [...document.querySelectorAll(
    "button, .button, nav li > a, select, textarea, summary, " +
    "input:not([type=hidden]):not([type=radio]):not([type=checkbox]), label.choice")];
  return seen.filter(e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.height + 0.01 < least)
    .map(([e, box]) => `too low for a thumb: ${e.tagName}.${e.className} ` +
      `"${e.textContent.trim().slice(0, 20)}" ${Math.round(box.height)}px`);
}"""


def faults_of(row: Page, language: str, visitor: Visitor, samples: Samples) -> list[str]:
    """Everything that is wrong with one page in one language: on a phone, in the dark, on a desktop."""
    visitor.faults.clear()
    tab = visitor.open(row.path(samples), status=row.status)
    if row.then is not None:
        row.then(tab)
    tab.set_viewport_size(PHONE)
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = [
        f"phone: {fault}"
        for fault in (*accessibility_faults(tab), *_layout(tab), *tab.evaluate(_TOO_SMALL, TOUCH))
    ]
    tab.set_viewport_size(SMALL_PHONE)
    found += [f"small phone: {fault}" for fault in _layout(tab)]
    if language == DARK_IN:
        tab.emulate_media(color_scheme="dark")
        found += [f"dark: {fault}" for fault in accessibility_faults(tab, "color-contrast")]
        tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(DESKTOP)
    found += [f"desktop: {fault}" for fault in (*accessibility_faults(tab), *_layout(tab))]
    found += _frame(tab, language)
    if visitor.titles.setdefault(tab.title(), row.endpoint) != row.endpoint:
        found.append(f"called {tab.title()!r} like {visitor.titles[tab.title()]}")
    tab.close()
    return found + visitor.faults


def _layout(tab: Tab) -> list[str]:
    found: list[str] = tab.evaluate(_TOO_WIDE)
    return found


def _frame(tab: Tab, language: str) -> list[str]:
    headings, lang = tab.locator("h1").count(), tab.locator("html").get_attribute("lang")
    wrong = [] if headings == 1 else [f"{headings} first headings"]
    title = tab.title().removesuffix("· 一照集成").strip()
    wrong += [] if title else ["no title"]
    return wrong + ([] if lang == LANGS[language] else [f"lang is {lang}"])
