"""A batch that waits, as officials read it: what it would change in words of both languages, and what became of it."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hub import config
from hub.access.proposals.models import Proposal
from hub.feeds.service import LoadRequest, load_file
from hub.feeds.waiting_batches import BATCH
from hub.kernel.actor import Role
from hub.kernel.database import Database
from tests.support.bad_batches import BAD, FOOD, MARKET, food, market
from tests.support.browser import Browser
from tests.support.loading import BY, TODAY, write
from tests.support.proposals import DEPARTMENT
from tests.support.reference import REFERENCE

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def pages(app: Flask, db: Database, tmp_path: Path) -> tuple[Browser, str, str]:
    """An official, the page of the batch that waits, and the page of the decision."""
    for name, data in (("market", market(MARKET)), ("food", food(FOOD)), ("bad", BAD["mass revocation"])):
        loading = load_file(
            LoadRequest(
                write(tmp_path, f"{name}.csv", data), None, BY, config.now(), TODAY, reference=REFERENCE
            ),
            db=db,
        )
    with db.read() as session:
        asked = session.scalars(select(Proposal.id).where(Proposal.kind == BATCH.code)).one()
    browser = Browser(app)
    browser.login(Role.OFFICIAL, department=DEPARTMENT)
    return browser, f"/government/sources/{loading.batch_id}", f"/government/proposals/{asked}"


def test_what_a_batch_would_change_is_said_in_words_of_the_readers_language(
    pages: tuple[Browser, str, str],
) -> None:
    browser, batch, proposal = pages
    for page in (batch, proposal):
        chinese, english = browser.get(page).text, browser.get(page, headers=ENGLISH).text
        assert "状态 有效 → 吊销" in chinese
        assert "State Valid → Revoked" in english
        assert "state 有效" not in chinese + english
        assert batch in chinese or page == batch
    assert "It would change more licenses" in browser.get(proposal, headers=ENGLISH).text
    assert "bad.csv" in browser.get("/government/proposals").text


def test_a_batch_that_waits_does_not_say_that_everything_was_taken_over(
    pages: tuple[Browser, str, str],
) -> None:
    browser, batch, _ = pages
    waiting = browser.get(batch).text
    assert "前往确认" in waiting
    assert "均已入库" not in waiting
    assert "没有拒收" not in waiting


def test_a_refused_batch_says_so_and_sends_nobody_to_a_decision(pages: tuple[Browser, str, str]) -> None:
    browser, batch, proposal = pages
    assert browser.post(proposal, {"decision": "refuse", "words": "与部门核实有误"}).location == proposal

    shown = browser.get(batch).text
    assert "已驳回，不入库" in shown
    assert "前往确认" not in shown
    assert "已驳回，不入库" in browser.get("/government/sources").text


def test_an_approved_batch_says_that_the_worker_loads_it_and_that_it_may_wait(
    pages: tuple[Browser, str, str],
) -> None:
    browser, batch, proposal = pages
    assert browser.post(proposal, {"decision": "approve", "words": "已与部门核实"}).location == proposal

    assert "由后台任务导入" in browser.get(batch).text
    english = browser.get(batch, headers=ENGLISH).text
    assert "While no reader of files is free it waits, and nothing of it is lost." in english
