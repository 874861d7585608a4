"""What a batch would change, said to who decides: the names that `hub.feeds.differences` keeps, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from hub.feeds.differences import CONTRADICTION, OTHER_HOLDER
from hub.kernel.messages import Message
from hub.licenses.rules import STATE_NAMES
from hub.registry.rules import EntityState

_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "state": Message("状态", "State"),
        "name": Message("名称", "Name"),
        "from": Message("起始日期", "First day"),
        "to": Message("截止日期", "Last day"),
        OTHER_HOLDER: Message("持证主体", "Holder"),
        CONTRADICTION: Message("同一文件内前后不一", "Rows of this file contradict each other"),
    }
)
_STATES: Mapping[str, Message] = MappingProxyType(
    {str(state): state.label for state in EntityState}
    | {str(state): name for state, name in STATE_NAMES.items()}
)


def member(what: str) -> Message:
    """Name what is changed, of one row; an unknown name stands for itself."""
    return _NAMES.get(what, Message(what, what)) if what else Message("–", "–")


def value(text: str) -> Message:
    """Name what stood or would stand: a state in both languages, anything else as it is, nothing as a dash."""
    return _STATES.get(text, Message(text, text)) if text else Message("–", "–")


def counted(what: str) -> Message:
    """Name a kind of change as it is counted: `to`, or `state 有效 → 吊销`."""
    name, _, states = what.partition(" ")
    before, _, after = states.partition(" → ")
    if not after:
        return member(what)
    named, old, new = member(name), value(before), value(after)
    return Message(f"{named.zh} {old.zh} → {new.zh}", f"{named.en} {old.en} → {new.en}")
