"""Whether more is asked than can be answered, judged by what waits.

A burst and an overload look alike at first. A queue that only drains, or keeps its length, is a burst or so many callers
who each wait for their answer; one that keeps growing by a good part of what is answered has no such end. (After
"controlled delay", Nichols and Jacobson, RFC 8289, and Maurer, "Fail at Scale", 2015, whose one bound of waiting time
would turn away a burst, or let an overload wait first.)
"""

WINDOW_SECONDS = 0.04  # at which the queue is looked at; only when somebody asks
CROWD = (
    50  # that wait: a few browsers open a dozen connections, fifty who press a button at once are no overload
)
GROWTH = 3  # it grows by a third of what was answered, that is a third more is asked than can be done
SURGE_WINDOWS = 2  # running, in which a crowd grows: then it is an overload, after some 80 ms
WAIT_SECONDS = 0.2  # what the oldest may have waited
STANDING_WINDOWS = (
    20  # running, in which it has waited longer: 0.8 s, overload though the queue does not grow
)
EASE_SECONDS = 0.25  # after which an overload is judged anew
EASE = 4  # over when fewer than a quarter of those who asked were turned away


class Pressure:
    """The load of one lane, as the event loop sees it at each request."""

    def __init__(self) -> None:
        self.is_on = False
        self._since = 0.0
        self._asked = 0
        self._turned_away = 0
        self._waiting = 0  # when the window began
        self._surging = 0
        self._standing = 0

    def begins(self, moment: float, *, waiting: int, waited: float) -> bool:
        """Count one who asks while so many wait, the oldest for so long; whether overload begins just now."""
        if self.is_on:
            self._asked += 1
            return False
        if moment - self._since >= WINDOW_SECONDS:
            self._judge(waiting, waited)
            self._begin(moment, waiting)
        self._asked += 1
        return self.is_on

    def look(self, moment: float) -> None:
        """End an overload that is over; called again and again."""
        if not self.is_on or moment - self._since < EASE_SECONDS:
            return
        self.is_on = self._turned_away * EASE >= max(self._asked, 1)
        self._begin(moment, 0)

    def refused_unread(self) -> None:
        """Count one who asked and was refused before the request was parsed."""
        self._asked += 1
        self._turned_away += 1

    def turned_away(self) -> None:
        """Count one of those who asked as refused."""
        self._turned_away += 1

    def _judge(self, waiting: int, waited: float) -> None:
        answered = self._waiting + self._asked - waiting
        grows = waiting >= CROWD and (waiting - self._waiting) * GROWTH > answered
        self._surging = self._surging + 1 if grows else 0
        self._standing = self._standing + 1 if waited >= WAIT_SECONDS else 0
        if self._surging >= SURGE_WINDOWS or self._standing >= STANDING_WINDOWS:
            self.is_on = True
            self._surging = self._standing = 0

    def _begin(self, moment: float, waiting: int) -> None:
        self._since = moment
        self._waiting = waiting
        self._asked = self._turned_away = 0
