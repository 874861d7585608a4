"""What the documents promise is what the product does."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hub.cli.commands import COMMANDS, cli
from hub.feeds.reasons import REASONS
from hub.feeds.sources import shipped_sources

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    records = sorted(ROOT.glob("docs/adr/*.md"))
    numbers = [path.name[:4] for path in records]
    assert sorted(set(numbers)) == numbers
    headings = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in records}
    assert {
        name: heading
        for name, heading in headings.items()
        if not re.match(rf"# (0*)({int(name[:4])})[ .]", heading)
    } == {}


@pytest.mark.parametrize(
    "path", [*READMES, ROOT / "docs/feeds.md", ROOT / "docs/operations.md"], ids=lambda path: path.name
)
def test_every_command_named_exists(path: Path) -> None:
    named = set(re.findall(r"^hub ([a-z]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named <= set(COMMANDS)


def test_the_feeds_document_lists_every_reason_and_source() -> None:
    text = (ROOT / "docs/feeds.md").read_text(encoding="utf-8")
    assert [
        code for code, said in REASONS.items() if f"| `{code}` | {said.zh} | {said.en} |" not in text
    ] == []
    assert [source for source in shipped_sources() if f"| `{source}` |" not in text] == []


def test_every_setting_is_documented_and_shown_by_doctor() -> None:
    read = set(re.findall(r'"(HUB_[A-Z_]+)"', (ROOT / "hub/config.py").read_text(encoding="utf-8")))
    documented = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    shown = (ROOT / "hub/cli/doctor_settings.py").read_text(encoding="utf-8")
    secret = {"HUB_SECRET_KEY", "HUB_KEYS_PASSPHRASE"}  # doctor says where they are kept, never what they are
    assert {name for name in read if f"`{name}`" not in documented} == set()
    assert {name for name in read - secret if name not in shown} == set()
    assert len(read) > 10


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    context = click.Context(command)
    children = ((name, command.get_command(context, name)) for name in command.list_commands(context))
    return [leaf for name, child in children if child is not None for leaf in leaves(child, (*path, name))]


@pytest.mark.parametrize(
    ("path", "command"), leaves(cli), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert "xample" in (command.epilog or "")
    assert CliRunner().invoke(cli, [*path, "--help"]).exit_code == 0
