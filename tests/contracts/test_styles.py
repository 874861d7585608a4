"""Every class that a template gives has a rule in a style sheet that its page links, or a program that looks for it."""

import re
from pathlib import Path

import pytest

HUB = Path(__file__).parents[2] / "hub"
STATIC = HUB / "web" / "static"
DESK = (STATIC / "app.css", STATIC / "parts.css")
ENDS = ("enforcement", "enterprise", "government")
SHOWN_BY = {
    "dossier.html": ("enforcement", "government")
}  # a shared template with the styles of several ends
_RULE = re.compile(r"\.([a-z][\w-]*)")
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_WHOLE = re.compile(
    r"[a-z][a-z0-9-]*[a-z0-9]\Z"
)  # "is-" before an expression is only the beginning of a name


def templates() -> list[Path]:
    return sorted(path for path in HUB.rglob("templates/**/*.html"))


def sheets_of(template: Path) -> list[tuple[Path, ...]]:
    """The style sheets of each kind of page that the template is part of."""
    if "public" in template.parts or template.name == "public_base.html":
        is_of_desk = 'extends "base.html"' in template.read_text(encoding="utf-8")
        return [DESK] if is_of_desk else [(STATIC / "public.css",)]
    ends = SHOWN_BY.get(template.name) or [end for end in ENDS if end in template.parts]
    sheets = [(*DESK, HUB / "ends" / end / "static" / f"{end}.css") for end in ends]
    return sheets or [DESK]


def scripts() -> str:
    return "".join(
        path.read_text(encoding="utf-8") for path in HUB.rglob("static/*.js") if "vendor" not in path.parts
    )


def given_in(template: Path) -> set[str]:
    text = template.read_text(encoding="utf-8")
    names = {name for given in _CLASSES.findall(text) for name in _JINJA.sub("…", given).split()}
    return {name for name in names if _WHOLE.match(name)}


@pytest.mark.parametrize("template", templates(), ids=lambda path: path.relative_to(HUB).as_posix())
def test_every_class_in_a_template_is_styled_or_sought(template: Path) -> None:
    looked_for = scripts()
    for sheets in sheets_of(template):
        styled = {name for sheet in sheets for name in _RULE.findall(sheet.read_text(encoding="utf-8"))}
        unknown = given_in(template) - styled
        assert {name for name in unknown if name not in looked_for} == set()


def test_the_templates_are_found_with_their_classes() -> None:
    assert len(templates()) > 40
    assert {"figures", "lead"} <= {name for template in templates() for name in given_in(template)}
