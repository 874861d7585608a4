"""Templates only lay out: what is decided, counted or looked up comes to them as a value that a test can ask.

Each rule reads the syntax tree of every template; a rule that pinches is cured in the value, not here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = tuple(sorted(ROOT.glob("hub/**/templates/**/*.html")))
MAX_LINE_CHARS = 160  # what stands side by side in a review
MAX_TERMS = 2  # of one condition: more is a rule, and rules have names
PLAIN = (nodes.Name, nodes.Getattr, nodes.Call)  # what `set` may give a shorter name to
STRING_WORK = frozenset(  # of text, a look-up with a fallback: work for the value that carries the text
    {"capitalize", "endswith", "get", "join", "lower", "lstrip", "partition", "replace", "rpartition"}
    | {"rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper"}
)

Rule = Callable[[nodes.Template], Iterator[nodes.Node]]


def compared_with_text(tree: nodes.Template) -> Iterator[nodes.Node]:
    for comparison in tree.find_all(nodes.Compare):
        sides = (comparison.expr, *(operand.expr for operand in comparison.ops))
        if any(_holds_text(side) for side in sides):
            yield comparison


def _holds_text(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Const):
        return isinstance(node.value, str)
    return isinstance(node, nodes.Tuple | nodes.List) and any(_holds_text(item) for item in node.items)


def reckoned(tree: nodes.Template) -> Iterator[nodes.Node]:
    kinds = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
    for kind in kinds:
        yield from tree.find_all(kind)


def chained(tree: nodes.Template) -> Iterator[nodes.Node]:
    for kind in (nodes.And, nodes.Or):
        yield from (found for found in tree.find_all(kind) if _terms(found) > MAX_TERMS)


def _terms(node: nodes.Node) -> int:
    if isinstance(node, nodes.And | nodes.Or):
        return _terms(node.left) + _terms(node.right)
    return 1


def computed_names(tree: nodes.Template) -> Iterator[nodes.Node]:
    for assignment in tree.find_all(nodes.Assign):
        if not isinstance(assignment.node, PLAIN):
            yield assignment


def looked_up_in_a_literal(tree: nodes.Template) -> Iterator[nodes.Node]:
    for access in tree.find_all((nodes.Getitem, nodes.Getattr)):
        if isinstance(access.node, nodes.Dict | nodes.List | nodes.Tuple):
            yield access


def chosen_by_comparison(tree: nodes.Template) -> Iterator[nodes.Node]:
    """A choice in a line; which option of a list is the chosen one (`key == value`) is layout."""
    for choice in tree.find_all(nodes.CondExpr):
        if isinstance(choice.test, nodes.Compare) and not _is_the_same(choice.test):
            yield choice


def _is_the_same(test: nodes.Compare) -> bool:
    operands = [(operand.op, operand.expr) for operand in test.ops]
    return all(op == "eq" and not isinstance(expr, nodes.Const) for op, expr in operands)


def worked_on_text(tree: nodes.Template) -> Iterator[nodes.Node]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr in STRING_WORK:
            yield call


RULES: tuple[Rule, ...] = (
    compared_with_text,
    reckoned,
    chained,
    computed_names,
    looked_up_in_a_literal,
    chosen_by_comparison,
    worked_on_text,
)


def parsed(text: str) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_templates_hold_no_logic(rule: Rule) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in TEMPLATES
        for node in rule(parsed(path.read_text(encoding="utf-8")))
    ]
    assert len(TEMPLATES) > 50
    assert found == []


def test_no_line_of_a_template_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}: {len(line)}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > MAX_LINE_CHARS
    ]
    assert long == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (compared_with_text, "{% if one.colour != 'grey' %}x{% endif %}"),
        (compared_with_text, "{{ 'a' in row.kinds }}"),
        (compared_with_text, "{% if here in ('a', 'b') %}x{% endif %}"),
        (reckoned, "{{ rows|length - 6 }}"),
        (reckoned, "{{ 100 * placed / premises }}"),
        (chained, "{% if a and b and c %}x{% endif %}"),
        (chained, "{{ a or b or c }}"),
        (computed_names, "{% set share = rows|length %}"),
        (computed_names, "{% set TONES = {'open': 'red'} %}"),
        (looked_up_in_a_literal, "{{ {'open': 'red'}[state] }}"),
        (looked_up_in_a_literal, "{{ {'open': 'red'}.open }}"),
        (chosen_by_comparison, "{{ names[kind] if kind in names else kind }}"),
        (worked_on_text, "{{ row.by.partition(':') }}"),
        (worked_on_text, "{{ people.get(row.by) }}"),
    ],
)
def test_each_rule_sees_what_it_forbids(rule: Rule, text: str) -> None:
    assert list(rule(parsed(text)))


@pytest.mark.parametrize(
    "text",
    [
        "{% set e = verdict.enterprise %}{{ e.name }}",
        "{% if one.is_due and one.valid_to %}{{ one.valid_to|day }}{% endif %}",
        "{{ link if is_first else none }}",
        "{% for key, text in options %}{{ ' selected' if key == value }}{% endfor %}",
    ],
)
def test_plain_layout_passes(text: str) -> None:
    assert [node for rule in RULES for node in rule(parsed(text))] == []
