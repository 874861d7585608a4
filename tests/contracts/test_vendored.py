"""What we ship of others is what was pinned, with its licence."""

import json
from typing import Any

import pytest

from tests.support.scripts import script

vendor = script("vendor")
ROOT, PACKAGES = vendor.ROOT, vendor.PACKAGES
ENTRIES = json.loads(vendor.LOCK.read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["path"])
def test_a_vendored_file_is_byte_for_byte_the_pinned_one(entry: dict[str, object]) -> None:
    content = (ROOT / str(entry["path"])).read_bytes()

    assert vendor.sri(content) == entry["sri"]
    assert len(content) == entry["bytes"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_the_lock_names_the_pinned_version_of_every_file_of_a_package(package: Any) -> None:
    locked = {entry["path"] for entry in ENTRIES if entry["package"] == package.name}

    assert {target for _, target in package.files} <= locked
    assert {e["version"] for e in ENTRIES if e["package"] == package.name} == {package.version}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_package_comes_with_its_licence(package: Any) -> None:
    assert any("LICENSE" in target for _, target in package.files)


def test_no_file_lies_in_the_vendor_folder_without_a_lock_entry() -> None:
    folder = ROOT / "hub/web/static/vendor"
    locked = {entry["path"] for entry in ENTRIES}

    assert {str(p.relative_to(ROOT)) for p in folder.rglob("*") if p.is_file()} <= locked
