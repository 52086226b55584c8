"""What a heap of Chinese texts speaks of, without a dictionary: strings of signs many texts share.

A string counts once a text. One that only ever stands inside a longer one gives way to it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class KeywordRules:
    """``signs`` begin or end no keyword; ``longest`` signs at most; in ``least`` texts or more."""

    signs: frozenset[str]
    longest: int
    least: int


def keywords(texts: Sequence[str], rules: KeywordRules, most: int) -> list[tuple[str, int]]:
    """The strings most texts share, with how many do; longer ones first among equals."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_strings(text, rules)))
    shared = {string: n for string, n in counts.items() if n >= rules.least}
    parts = _parts(shared)
    kept = [(string, n) for string, n in shared.items() if string not in parts]
    order = sorted(kept, key=lambda item: (-item[1], -len(item[0]), item[0]))
    found: list[tuple[str, int]] = []
    for string, n in order:
        if not any(string in other or other in string for other, _n in found):
            found.append((string, n))
        if len(found) == most:
            break
    return found


def _strings(text: str, rules: KeywordRules) -> Iterator[str]:
    for run in HAN.findall(text):
        for start in range(len(run) - 1):
            if run[start] in rules.signs:
                continue
            for end in range(start + 2, min(start + rules.longest, len(run)) + 1):
                if run[end - 1] not in rules.signs:
                    yield run[start:end]


def _parts(shared: Mapping[str, int]) -> set[str]:
    """Those strings that every text that holds them holds inside one and the same longer one."""
    return {
        string[start:end]
        for string, n in shared.items()
        for start in range(len(string) - 1)
        for end in range(start + 2, len(string) + 1)
        if end - start < len(string) and shared.get(string[start:end]) == n
    }


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words; joined they are the text."""
    known = [word for word in words if word]
    if not known:
        return [(text, False)] if text else []
    pattern = re.compile("|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)))
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            pieces.append((text[at : match.start()], False))
        pieces.append((match.group(), True))
        at = match.end()
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def excerpt(text: str, words: Sequence[str], most: int) -> str:
    """At most ``most`` signs of the text, with the first of the words among them; an ellipsis
    stands where signs are left out.
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    room = most - 2
    places = [text.find(word) for word in words if word and word in text]
    start = max(0, min(min(places, default=0) - room // 2, len(text) - room))
    cut = text[start : start + room]
    return f"{'…' if start else ''}{cut}{'…' if start + room < len(text) else ''}"
