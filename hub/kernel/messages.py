"""A sentence in both languages of the hub: Chinese first, English complete."""

from keys.messages import Message

__all__ = ["Message"]
