"""What can matter to a question, out of all that stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from timeline.acts import Handle, Value, handles
from timeline.history import Happening, History
from timeline.judgement import Held
from timeline.order import Order
from timeline.worlds import Worlds


class Reach:
    """The worlds of what has to do with the names asked about so far.

    To judge the statements about a name takes what names it, and what acts on the subject
    or the value of any of those statements, which may have moved on. The rest of a large
    log is not even looked at for what it does.
    """

    def __init__(self, history: History):
        self.worlds = Worlds(history.derived(Order))
        self._waiting: dict[Handle, list[Happening]] = defaultdict(list)
        self._taken: set[str] = set()
        for happening in history.counting():
            for handle in handles(happening):
                self._waiting[handle].append(happening)
        self._take(("all", ""))

    def about(self, names: Iterable[Value], at: int) -> list[Held]:
        """The statements about any of these names that hold at `at`."""
        names = list(names)
        self.load(names)
        return [held for name in names for held in self.worlds.about(name, at)]

    def load(self, names: Iterable[Value]) -> None:
        """Take in all that can matter to the statements about these names."""
        names = list(names)
        for name in names:
            self._take(("any", name))
        for name in names:
            for statement in self.worlds.named_about(name):
                self._take(("subject", statement.subject))
                self._take(("value", statement.value))

    def load_for(self, happening: Happening) -> None:
        """Take in all that can matter to the statements that a happening touches."""
        found = set(handles(happening))
        everything = ("all", "") in found
        self.load({name for _, name in (list(self._waiting) if everything else found)})

    def _take(self, handle: Handle) -> None:
        for happening in self._waiting.pop(handle, ()):
            if happening.id not in self._taken:
                self._taken.add(happening.id)
                self.worlds.add(happening)
