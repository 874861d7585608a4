"""Every refusal of all packages has one shape: a class with a reason, a sentence in Chinese and one in English."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import hub
import keys
import signing
from hub.kernel.errors import HubError
from hub.kernel.identifiers import IdentifierError
from hub.registry.reading.errors import FaultyValueError
from hub.web.problems import STATUS, sentence_for
from keys import KeysError
from keys.messages import StatedError, leaves
from signing import SigningError

ROOT = Path(__file__).parents[2]
PACKAGES = (keys, signing, hub)
BY_FAULT = {
    IdentifierError,
    FaultyValueError,
}  # one class for a table of faults; an instance takes its row of it
WITHOUT_PAGE = {
    "PLATE_ID_LENGTH",  # typed by a person, in no profile
    "PLATE_ID_ALPHABET",
    "PLATE_ID_CHECK",
    "SIGNER_PURPOSE",  # a signer's own
    "STATUS_VALUE",
    "CREDENTIAL_NO_SUCH_CLAIM",  # a holder's own
    "HOLDER_KEY_OTHER",
}
FAULTS_OF_OURS = {  # raised where a programmer erred: nobody is refused anything, and the log is told
    "SafeMethodWriteError",
    "UnguardedRouteError",
    "UnknownAssetError",
    "UnplacedValueError",
}
INSIDE = {  # caught in the package that raises it, and told by a class of the one shape or by the caller
    "CommandEnd",  # of a command, with its exit code and line
    "NotCanonicalError",
    "NotDrawnError",
    "RefusedError",  # hub.server answers it with a status alone
    "_JsonError",
}


def classes() -> list[type[StatedError]]:
    """Return every refusal of the packages, once all their modules are read."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name:
                importlib.import_module(module.name)
    return [
        each for each in leaves(StatedError) if each.__module__.split(".")[0] in {"keys", "signing", "hub"}
    ]


ALL = classes()


def sources(*folders: str) -> str:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path != Path(__file__))


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def below(kind: type[StatedError]) -> set[type[StatedError]]:
    return {kind}.union(*(below(child) for child in kind.__subclasses__()))


def ends(kind: type[StatedError]) -> set[type[StatedError]]:
    children = kind.__subclasses__()
    return {leaf for child in children for leaf in ends(child)} if children else {kind}


def test_every_last_class_declares_a_reason_of_its_own() -> None:
    ours = {each for each in ends(StatedError) if each.__module__.split(".")[0] in {"keys", "signing", "hub"}}

    assert {each.__name__ for each in ours - set(ALL) - BY_FAULT} == set()
    assert len(ALL) > 280


def test_every_reason_is_said_in_both_languages_where_it_is_declared() -> None:
    for each in ALL:
        own = vars(each)
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", each.reason), each
        assert {"zh", "en"} <= own.keys(), each
        assert re.search(r"[\u4e00-\u9fff]", each.zh), each
        assert re.match(r"[A-Za-z`(]", each.en), each
        assert "message" not in own, each


def test_no_two_refusals_share_a_reason_or_a_name() -> None:
    reasons = Counter(str(each.reason) for each in ALL)
    names = Counter(each.__name__ for each in ALL)

    assert [reason for reason, count in reasons.items() if count > 1] == []
    assert [name for name, count in names.items() if count > 1] == []


def test_a_name_in_a_sentence_is_an_attribute_that_the_class_sets_and_both_languages_have_theirs() -> None:
    for each in ALL:
        for sentence in (each.zh, each.en):
            names = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
            assert all(f"self.{name}" in inspect.getsource(each) for name in names), each
            assert bool(names) == ("{" in each.zh), each


def test_every_refusal_is_raised_somewhere() -> None:
    used = words(sources("keys", "signing", "hub"))

    assert [each.__name__ for each in ALL if used[each.__name__] < 2] == []


def test_every_reason_stands_in_a_test() -> None:
    named = words(sources("tests"))

    assert [each.reason for each in ALL if not named[each.reason] and not named[each.__name__]] == []


def test_every_reason_of_what_is_signed_stands_in_a_profile() -> None:
    pages = words(
        "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/profiles").glob("*.md"))
    )
    missing = {str(each.reason) for each in leaves(SigningError) if not pages[each.reason]}

    assert missing == WITHOUT_PAGE


def test_every_refusal_of_the_hub_and_of_what_is_signed_has_a_status_and_a_page() -> None:
    assert {HubError, KeysError, SigningError} <= STATUS.keys()
    assert [
        each.reason
        for kind in (HubError, SigningError)
        for each in leaves(kind)
        if not sentence_for(each.reason)
    ] == []


def test_no_other_exception_is_defined() -> None:
    known = {each.__name__ for each in below(StatedError)} | FAULTS_OF_OURS | INSIDE | {"StatedError"}
    found = {
        node.name
        for package in PACKAGES
        for path in (ROOT / package.__name__).rglob("*.py")
        if path.name != "vendor.py"  # a script of ours, not of the product
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(is_exception(ast.unparse(base)) for base in node.bases)
    }

    assert found - known == set()
    assert (FAULTS_OF_OURS | INSIDE) - found == set()


def is_exception(base: str) -> bool:
    """Whether a class of that base is an exception; those of `click` are the command line's own family."""
    return base.endswith(("Error", "Exception")) and not base.startswith("click.")
