"""The JavaScript verifier, loaded from the hub into Chromium, says what the Python one says."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.visiting import DESKTOP, visitor
from tests.support.forger import Workshop
from tests.support.judged import JUDGE, Work, corpus, vectors
from tests.support.judged_credentials import credential_vectors, credentials_work, holder_keys_work
from tests.support.judged_proofs import proofs_work
from tests.support.servers import Server

STRIDE = 4  # Node has seen every input; Chromium sees every fourth of each class


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Work]:
    shop = Workshop.open(tmp_path_factory.mktemp("workshop"))
    return {
        "vectors": vectors(),
        "corpus": corpus(shop, every=STRIDE),
        "proofs": proofs_work(shop),
        "credential vectors": credential_vectors(),
        "credentials": credentials_work(shop, every=STRIDE),
        "holders' keys": holder_keys_work(),
    }


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["vectors", "corpus", "proofs", "credential vectors", "credentials", "holders' keys"]
)
def test_chromium_judges_as_python_does(
    server: Server, chromium: Browser, works: dict[str, Work], name: str
) -> None:
    work = works[name]

    with visitor(chromium, server, role=None, language="zh", viewport=DESKTOP) as guest:
        page = guest.open("/")
        outcomes = page.evaluate(_script(), work.written())

    assert len(work.cases) >= 25
    assert work.disagreements(outcomes) == []
    assert guest.faults == []


def test_every_file_of_the_module_is_a_module_of_ours_alone() -> None:
    folder = JUDGE.parents[3] / "signing/javascript"

    for path in folder.glob("*.js"):
        imported = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if " from " in line and "import" in line
        ]
        assert all('from "./' in line for line in imported), path


def _script() -> str:
    judge = Path(JUDGE).read_text(encoding="utf-8").replace("export async function", "async function")
    path = json.dumps("/static/verifier/index.js")
    return f"async (work) => {{ {judge}\n return judge(await import({path}), JSON.parse(work)); }}"
