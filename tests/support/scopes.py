"""What tests ask of a scope that was read."""

from hub.registry.scope.rules import ALIAS_CONFIDENCE, ParsedScope


def needs_review(parsed: ParsedScope) -> bool:
    """Whether some line is unmatched or only thought to fit."""
    return any(line.confidence < ALIAS_CONFIDENCE for line in parsed.lines)
