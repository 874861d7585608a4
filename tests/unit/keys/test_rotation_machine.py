"""Whatever is done in whatever order, the ring keeps its promises."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from keys import Algorithm, KeyState, Purpose, RingContents, rotation
from keys.policy import kid_rule
from keys.refusals import KeyChangeError
from keys.rotation import NewKey
from tests.support.rounds import examples

ORDER = {
    KeyState.PENDING: 0,
    KeyState.ACTIVE: 1,
    KeyState.VERIFY_ONLY: 2,
    KeyState.RETIRED: 3,
    KeyState.COMPROMISED: 4,
}
PURPOSES = (Purpose.CODE_PLATE, Purpose.CODE_DYNAMIC, Purpose.STATUS)
ALGORITHMS = (Algorithm.ES256, Algorithm.SM2)
LEAD = timedelta(minutes=10)
JWK = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
WHICH = {"purpose": st.sampled_from(PURPOSES), "algorithm": st.sampled_from(ALGORITHMS)}


class Operators(RuleBasedStateMachine):
    """Operators who try every command at every time; a refused one changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
        self.book = RingContents((), ())
        self.seen: dict[str, KeyState] = {}
        self.believed_at: dict[str, datetime] = {}

    @rule(seconds=st.integers(-60, 2_000_000))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(**WHICH, at_once=st.booleans())
    def generate(self, purpose: Purpose, algorithm: Algorithm, *, at_once: bool) -> None:
        def step(book: RingContents) -> RingContents:
            kid = kid_rule(purpose, year=2026, known=book.infos)(JWK)
            new = NewKey(kid, purpose, algorithm, JWK)
            return rotation.generate(book, new, now=self.now, lead=LEAD, at_once=at_once)

        self._try(step)

    @rule(**WHICH, at_once=st.booleans())
    def rotate(self, purpose: Purpose, algorithm: Algorithm, *, at_once: bool) -> None:
        self._try(lambda book: rotation.rotate(book, purpose, algorithm, now=self.now, at_once=at_once))

    @rule(number=st.integers(0, 12), force=st.sampled_from([None, "because"]))
    def retire(self, number: int, force: str | None) -> None:
        self._try(lambda book: rotation.retire(book, self._kid(number), now=self.now, force_reason=force))

    @rule(number=st.integers(0, 12))
    def compromise(self, number: int) -> None:
        self._try(lambda book: rotation.compromise(book, self._kid(number), reason="lost", now=self.now))

    @invariant()
    def at_most_one_key_signs_and_one_waits(self) -> None:
        for state in (KeyState.ACTIVE, KeyState.PENDING):
            held = [(info.purpose, info.algorithm) for info in self.book.infos if info.state is state]
            assert len(held) == len(set(held))

    @invariant()
    def a_kid_stands_for_one_key_for_ever(self) -> None:
        kids = [info.kid for info in self.book.infos]
        assert len(kids) == len(set(kids))
        assert set(self.seen) <= set(kids)

    @invariant()
    def no_key_goes_back(self) -> None:
        for info in self.book.infos:
            before = self.seen.get(info.kid, KeyState.PENDING)
            assert ORDER[info.state] >= ORDER[before]
            self.seen[info.kid] = info.state

    @invariant()
    def the_acts_are_in_order_and_end_in_the_states_shown(self) -> None:
        moments = [act.at for act in self.book.acts]
        assert moments == sorted(moments)
        told: dict[str, KeyState] = {}
        for act in self.book.acts:
            told[act.kid] = act.state
            if act.previous is not None:
                told[act.previous] = KeyState.VERIFY_ONLY
        assert told == {info.kid: info.state for info in self.book.infos}

    @invariant()
    def what_was_signed_is_believed_until_it_is_taken_back_on_purpose(self) -> None:
        for info in self.book.infos:
            if info.state in {KeyState.ACTIVE, KeyState.VERIFY_ONLY} and info.activated_at is not None:
                end = info.ended_at or max(self.now, info.activated_at)
                assert info.activated_at <= end
                assert info.is_believed(max(end, self.now) + timedelta(days=4000))

    @invariant()
    def a_compromise_says_when_and_why(self) -> None:
        for info in self.book.infos:
            lost = info.state is KeyState.COMPROMISED
            assert (info.revoked_at is not None) == (info.reason is not None) == lost

    def _kid(self, number: int) -> str:
        return self.book.infos[number].kid if number < len(self.book.infos) else "nobody"

    def _try(self, step: Callable[[RingContents], RingContents]) -> None:
        before = self.book
        try:
            self.book = step(before)
        except KeyChangeError:
            assert self.book is before
        else:
            assert self.book.acts[:-1] == before.acts
            assert len(self.book.infos) - len(before.infos) in {0, 1}


Operators.TestCase.settings = settings(max_examples=examples(150), stateful_step_count=40, deadline=None)
TestOperators = Operators.TestCase
