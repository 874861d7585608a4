"""The city's desk: figures drawn and told, enterprises found as people type them, plates to print, reports answered."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from pypdf import PdfReader
from pypinyin import Style, lazy_pinyin

from hub.kernel.actor import Role
from tests.browser.samples import Samples
from tests.browser.test_public_page import report
from tests.browser.visiting import LOCALES, PHONE, SMALL_PHONE, Visitor, visitor
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Guest = Callable[..., Visitor]


@pytest.fixture
def official(guest: Guest) -> Visitor:
    return guest(role=Role.OFFICIAL)


def test_every_chart_is_drawn_and_told_in_a_table(official: Visitor) -> None:
    tab = official.open("/government/")
    charts = tab.locator("figure.chart-card")

    assert charts.count() >= 3
    for chart in charts.all():
        expect(chart.locator("[data-chart] svg")).to_be_visible()
        assert chart.locator("[data-chart] svg path").count() > 3
        expect(chart.locator(".chart-table")).not_to_have_attribute("open", re.compile(""))
        chart.locator("summary").click()
        expect(chart.locator("table")).to_be_visible()
        assert chart.locator("tbody tr").count() == int(
            chart.locator("[data-chart]").get_attribute("data-size") or 0
        )
    assert official.faults == []


def test_the_charts_are_drawn_anew_when_the_device_turns_dark(official: Visitor) -> None:
    tab = official.open("/government/")
    tab.emulate_media(color_scheme="light")
    words = tab.locator("figure.chart-card [data-chart] svg text")
    expect(words.first).to_be_visible()
    ink = words.last.get_attribute("fill")

    tab.emulate_media(color_scheme="dark")

    expect(words.last).not_to_have_attribute("fill", ink or "")
    assert official.faults == []


def test_a_drawing_that_waits_to_be_made_anew_does_not_widen_the_page(official: Visitor) -> None:
    tab = official.open("/government/")
    tab.set_viewport_size(SMALL_PHONE)
    expect(tab.locator("[data-chart] svg").first).to_be_visible()
    as_before_it_was_turned = "all => all.forEach(each => { each.style.width = '800px'; })"
    tab.locator("[data-chart] > div").evaluate_all(as_before_it_was_turned)

    root = "document.documentElement"
    assert tab.evaluate(f"{root}.scrollWidth") <= tab.evaluate(f"{root}.clientWidth")


def test_the_record_of_acts_fits_the_screen_of_a_desk(guest: Guest) -> None:
    """Details and receipts stand in the last column: they must not need scrolling sideways."""
    tab = guest(role=Role.AUDITOR).open("/government/audit")

    table = tab.locator(".table-scroll")
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") == 0


def test_the_figures_are_there_without_javascript(guest: Guest) -> None:
    tab = guest(role=Role.OFFICIAL, java_script_enabled=False).open("/government/")

    assert (
        tab.locator("figure.chart-card").count() == tab.locator("figure.chart-card table:visible").count() > 0
    )


def test_an_enterprise_is_found_by_the_initials_of_its_pinyin(official: Visitor, samples: Samples) -> None:
    name = samples.space.enterprise.name
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:6]
    tab = official.open("/government/enterprises")

    tab.locator("#q").fill(initials)
    tab.locator("#q").press("Enter")

    expect(tab.get_by_role("link", name=name, exact=True)).to_be_visible()
    tab.get_by_role("link", name=name, exact=True).click()
    expect(tab.locator("input[name=purpose]").first).to_be_visible()


def test_the_print_sheets_of_an_area_are_a_pdf(official: Visitor, samples: Samples, tmp_path: Path) -> None:
    tab = official.open(f"/government/plates/area?name={samples.plate.area}")

    with tab.expect_download() as waiting:
        tab.locator("a[href*='sheets.pdf']").click()
    target = tmp_path / "plates.pdf"
    waiting.value.save_as(target)

    pages = PdfReader(target).pages
    assert samples.plate.plate.plate_id[:5] in "".join(page.extract_text() for page in pages)


def test_a_passer_bys_report_reaches_the_desk_and_is_answered(
    guest: Guest, official: Visitor, samples: Samples
) -> None:
    passer_by = guest(java_script_enabled=False, viewport=PHONE)
    words = "门口挂的码牌与店名不一致"
    receipt = report(passer_by.open(f"/c/{samples.code}"), words)

    tab = official.open("/government/reports")
    tab.locator("tbody tr").filter(has_text=words).get_by_role("link").click()
    expect(tab.locator("main")).to_contain_text(receipt)
    tab.locator("form:has(input[name=action][value=take]) button").click()
    tab.locator("textarea[name=answer]").fill("已到现场核对,码牌已更换。")
    tab.locator("button[name=action][value=answer]").click()

    expect(tab.locator("main")).to_contain_text("已到现场核对")
    expect(tab.locator("textarea[name=answer]")).to_have_count(0)


def test_refused_rows_are_handed_back_as_a_table(official: Visitor, samples: Samples, tmp_path: Path) -> None:
    tab = official.open(f"/government/sources/{samples.batch_id}")

    with tab.expect_download() as waiting:
        tab.locator("a[href$='refused.csv']").click()
    target = tmp_path / "refused.csv"
    waiting.value.save_as(target)

    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + 7  # as many as the generated file has mistakes


def test_a_plate_that_is_suspended_is_refused_at_once(
    guest: Guest, official: Visitor, samples: Samples
) -> None:
    plate = samples.second_plate.plate
    path = f"/c/{plate.text.rpartition('/')[2]}"
    guest().open(path)
    tab = official.open(f"/government/plates/{plate.plate_id}")

    tab.locator("details:has(form[action$='/suspend']) > summary").click()
    tab.locator("form[action$='/suspend'] button").click()
    expect(tab.locator("form[action$='/resume']")).to_have_count(1)

    guest().open(path, status=404)


def test_the_auditor_reads_what_was_done(guest: Guest, official: Visitor, samples: Samples) -> None:
    tab = official.open(f"/government/enterprises/{samples.uscc}")
    if tab.locator("input[name=purpose]").count():
        tab.locator("input[name=purpose]").first.check()
        tab.locator("form:has(input[name=purpose]) button").click()
        expect(tab.locator("input[name=purpose]")).to_have_count(0)

    audit = guest(role=Role.AUDITOR).open(f"/government/audit?kind=enterprise.looked&uscc={samples.uscc}")

    expect(audit.locator("tbody tr").first).to_contain_text(samples.uscc)


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("size", [SMALL_PHONE, PHONE], ids=["320", "375"])
def test_a_phones_bar_has_five_items_and_the_rest_behind_the_last(
    chromium: Browser, server: Server, size: ViewportSize, language: str
) -> None:
    with visitor(chromium, server, role=Role.OFFICIAL, language=language, viewport=size) as official:
        tab = official.open("/government/plates")
        bar = tab.locator(".nav > ul > li:visible")
        more = tab.locator(".nav summary")

        assert bar.count() == 5
        assert "is-current" in (more.get_attribute("class") or "")
        assert tab.locator(".nav-more li:visible").count() == 0
        more.click()
        assert tab.locator(".nav-more li:visible").count() == 3
        assert tab.evaluate(
            "[...document.querySelectorAll('.nav span')].every(e => e.scrollWidth <= e.parentElement.clientWidth)"
        )
        tab.locator(".nav-more a:visible").nth(1).click()
        tab.wait_for_url("**/government/reports")


def test_long_names_beside_bars_are_cut_between_characters(guest: Guest) -> None:
    """Names of characters beyond the sixteen bits of a code unit (𠮷, U+20BB7), which a cut must not halve."""
    tab = guest(role=Role.OFFICIAL).open("/government/")
    names = [f"{'衢' * (number % 3)}{'a' * number}{'𠮷' * 60}" for number in range(9)]
    tab.evaluate(
        """names => {
          const element = document.getElementById("chart-data-areas");
          const data = JSON.parse(element.textContent);
          for (const one of data.series) one.values = names.map(() => 1);
          element.textContent = JSON.stringify({...data, labels: names});
        }""",
        names,
    )

    tab.emulate_media(color_scheme="dark")  # the charts are drawn anew

    shown = tab.locator("[data-chart=areas] svg text").filter(has_text="𠮷")
    expect(shown).to_have_count(len(names))
    for name, text in zip(names, shown.all_text_contents(), strict=True):
        assert text.endswith("…")
        assert name.startswith(text.removesuffix("…")), ascii(text)
        assert len(text) > len("…")
    assert tab.evaluate(
        "[...document.querySelectorAll('svg text')].every(each => each.textContent.isWellFormed())"
    )
    assert tab.evaluate(
        "[...document.querySelectorAll('[data-chart=areas] svg text')].every(each => each.getBBox().width < 200)"
    )
