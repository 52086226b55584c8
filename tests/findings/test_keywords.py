"""Keywords are strings that texts share; marking them changes no text."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.calc.keywords import keywords, marked
from aftersales.templates_data import keyword_rules

RULES = keyword_rules()
TEXTS = st.lists(st.text("色差尺码偏小做工的了<>&a", max_size=20), max_size=12)
CHEAP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CHEAP
@given(TEXTS)
def test_a_keyword_stands_in_as_many_texts_as_it_says(texts: list[str]) -> None:
    found = keywords(texts, RULES, 8)
    assert len(found) <= 8
    for word, n in found:
        assert n == sum(word in text for text in texts) >= RULES.least
        assert not {word[0], word[-1]} & RULES.signs
    assert [n for _word, n in found] == sorted((n for _word, n in found), reverse=True)


@CHEAP
@given(st.text("色差<>&a的", max_size=40), st.lists(st.text("色差<a", max_size=4), max_size=4))
def test_marked_pieces_are_the_text(text: str, words: list[str]) -> None:
    pieces = marked(text, words)
    assert "".join(piece for piece, _is_word in pieces) == text
    assert all(piece in words for piece, is_word in pieces if is_word)


def test_a_part_of_a_longer_keyword_gives_way_to_it() -> None:
    texts = ["和直播间颜色不一样，灯光太白了", "颜色不一样，偏黄", "尺码偏小一码", "尺码偏小"]
    assert keywords(texts, RULES, 8) == [("颜色不一样", 2), ("尺码偏小", 2)]
