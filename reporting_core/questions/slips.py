"""Which known words a mistyped one can be: one slip of the finger, or two in a long one.

The grammar's `nearness` ranks the names most like a text, to be offered; here a word is *read*, so what counts is that
nothing but a slip lies between the two: a letter left out, added, changed, or two letters that changed places.
"""

from collections.abc import Iterable
from itertools import combinations

_SHORTEST = 3
_USUAL = 4
_LONG = 8
"""From so many letters on two slips are one word still."""
_LONGEST = 30
_MOST = 2


class Slips:
    """Known words by what is left when a letter or two are taken out, so that looking one up costs no search."""

    def __init__(self, known: Iterable[str], *, twice: bool = True) -> None:
        self._twice = twice
        self._left: dict[str, list[str]] = {}
        for word in known:
            if _can_slip(word):
                for left in self._shorter(word):
                    self._left.setdefault(left, []).append(word)

    def near(self, typed: str) -> list[str]:
        """Return the known words the fewest slips away, none when it would take too many; digits are never slips."""
        if not _can_slip(typed):
            return []
        found = {word for left in self._shorter(typed) for word in self._left.get(left, ())}
        judged = [(distance(typed, word), word) for word in sorted(found)]
        near = [(slips, word) for slips, word in judged if _is_slip(typed, word, slips)]
        least = min((slips for slips, _ in near), default=0)
        found = {word for slips, word in near if slips == least}
        # “usres” has the letters of “users”, not of “uses”.
        swapped = {word for word in found if sorted(word) == sorted(typed)}
        return sorted(swapped or found)

    def _shorter(self, word: str) -> set[str]:
        once = {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
        if not self._twice or len(word) < _LONG - 1:
            return once
        pairs = combinations(range(len(word)), 2)
        return once | {word[:first] + word[first + 1 : second] + word[second + 1 :] for first, second in pairs}


def distance(one: str, other: str) -> int:
    """Count the slips between two words: letters left out, added, changed, or two neighbours that changed places."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        two_before, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            least = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                least = min(least, two_before[place - 2] + 1)
            row.append(least)
    return row[-1]


def _can_slip(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and not any(letter.isdecimal() for letter in word)


def _is_slip(typed: str, word: str, slips: int) -> bool:
    if len(typed) <= _USUAL:
        # In a short word another letter is another word (“cost”, “most”); letters that changed places are a slip,
        # and so is one that is missing, but from three letters on that can be anything.
        swapped = sorted(typed) == sorted(word)
        return slips == 1 and (swapped or (len(typed) == _USUAL and len(word) == _USUAL + 1))
    if slips <= 1:
        return len(word) >= _USUAL
    long = min(len(typed), len(word)) >= _LONG - 1 and max(len(typed), len(word)) >= _LONG
    return slips == _MOST and long and typed[0] == word[0] and abs(len(typed) - len(word)) <= 1
