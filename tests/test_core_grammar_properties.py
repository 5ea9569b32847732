"""What holds for every command and every name: the canonical form reads back, a correction runs, nothing is slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.grammar import canonical, parse, render_error
from reporting_core.words.errors import BadQuery
from reporting_core.words.query import UsageQuery, Vocabulary
from tests.grammar_vocabularies import COMPANY, HOSTILE, TODAY, queries, vocabularies

_TYPED = (
    "team=", "product!=", "group =", "user=", "status=", "access:", "assigned=", "version=", "last=", "last",
    "from=", "to=", "sort=", "top=", "page=", "teem=", "days=", "30d", "400d", "3 months", "2026-02-30",
    "1/2/2026", "2026-02-01", "Desgin", "Structural", "West", "inactive", "never used", "-days", "desc", "0", "2",
    "ann", "Ann Lee", "“", "’", '"', "*", ",", "= ", "!",
)  # fmt: skip
_PIECES = st.sampled_from((*HOSTILE, *_TYPED))
_COMMANDS = st.lists(_PIECES | st.text(max_size=4), max_size=12).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


def _read(text: str, vocabulary: Vocabulary) -> UsageQuery | BadQuery:
    try:
        return parse(text, vocabulary, TODAY)
    except BadQuery as error:
        return error


@given(st.data())
def test_every_query_reads_back_from_its_canonical_form_whatever_the_names(data: st.DataObject) -> None:
    vocabulary = data.draw(vocabularies())
    query = data.draw(queries(vocabulary))
    text = canonical(query)
    assert parse(text, vocabulary, TODAY, limit=len(text)) == query


@given(_COMMANDS, st.just(COMPANY) | vocabularies())
def test_whatever_is_typed_is_read_or_shown_where_it_is_wrong(text: str, vocabulary: Vocabulary) -> None:
    answer = _read(text, vocabulary)
    if isinstance(answer, UsageQuery):
        assert parse(canonical(answer), vocabulary, TODAY) == answer
    else:
        assert 0 <= answer.position <= len(text)
        assert answer.length >= 1
        assert answer.position + answer.length <= max(len(text), 1)
        assert len(answer.suggestions) <= 3
        assert answer.message.strip()


@given(_COMMANDS, st.just(COMPANY) | vocabularies())
def test_a_corrected_command_runs_as_it_stands(text: str, vocabulary: Vocabulary) -> None:
    answer = _read(text, vocabulary)
    if isinstance(answer, BadQuery):
        assert answer.corrected is not None
        assert canonical(parse(answer.corrected, vocabulary, TODAY)) == answer.corrected


@given(st.text(max_size=300), st.integers(0, 300), st.integers(1, 300))
def test_an_error_is_two_lines_with_the_caret_under_the_text(text: str, position: int, length: int) -> None:
    place = min(position, len(text))
    error = BadQuery("Wrong.", text=text, position=place, length=length)
    first, second = render_error(error).split("\n")
    assert len(first.splitlines() or [""]) == 1
    assert second.strip(" ").strip("^") == ""
    assert 1 <= second.count("^") <= 72
    assert len(second) <= 73


@pytest.mark.parametrize(
    "piece",
    ['"', "'", "“", '"" ', "'a ", "= ", "a=b ", "team=x ", "team=,", "abc* ", "\\", "<@", "!=", "last ", "team "],
)
def test_ten_thousand_characters_of_anything_are_read_in_no_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    begin = time.process_time()
    try:
        parse(text, COMPANY, TODAY, limit=10_000)
    except BadQuery as error:
        render_error(error)
    # Fifty milliseconds are promised; the rest is for a busy machine. Quadratic time would take minutes.
    assert time.process_time() - begin < 0.5


def test_a_command_over_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(BadQuery) as caught:
        parse('"' * 10_000, COMPANY, TODAY)
    assert "10,000 characters" in caught.value.message
    assert "3,000" in caught.value.message
    assert len(render_error(caught.value)) < 200
