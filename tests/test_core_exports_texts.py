"""Cutting lines at delimiters, the fast way, gives the rows that a careful reader of quotation marks gives."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reporting_core.exports.texts import TextTable
from reporting_core.words.imports import Refusal

HEADER = "team,product,group"
cells = st.text(st.sampled_from('ab ,"\n'), max_size=4)
quoted = st.builds(lambda text: '"' + text.replace('"', '""') + '"', cells)
bare = st.text(st.sampled_from("ab "), max_size=3)
rows = st.one_of(
    st.lists(st.one_of(quoted, bare), min_size=1, max_size=4),
    st.lists(st.builds(lambda text: f'"{text}"', bare), min_size=3, max_size=3),
    st.lists(st.text(st.sampled_from('a,"'), max_size=3), min_size=1, max_size=3),
)


class CarefulTable(TextTable):
    """Reads every line with an eye on quotation marks."""

    def _plain(self, lines: list[str]) -> list[str] | None:
        return super()._plain(lines) and None


def taken(table: TextTable) -> tuple[list[list[str]], list[int], list[Refusal]]:
    rows, lines, broken = list[list[str]](), list[int](), list[Refusal]()
    for block in table.blocks():
        chunk = table.chunk(block)
        rows += [[cell.strip() for cell in row] for row in chunk.rows]
        lines += chunk.lines
        broken += chunk.broken
    return rows, lines, sorted(broken)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(rows, max_size=6), end=st.sampled_from(["\n", "\r\n"]), closed=st.booleans())
@example(table=[['"a"', '"b"', '"c"'], ['"a', 'b"', '"c"']], end="\n", closed=True)
@example(table=[['","""']], end="\n", closed=True)
@example(table=[['"a"b"', '"']], end="\n", closed=True)
@example(table=[['"'], ['"a"b"']], end="\n", closed=True)
@example(table=[['"a"', '","', '"c"'], ['"a"', '"b"']], end="\n", closed=False)
def test_the_fast_way_gives_what_the_careful_way_gives(
    tmp_path: Path, table: list[list[str]], end: str, closed: bool
) -> None:
    path = tmp_path / "a.csv"
    text = end.join([HEADER, *(",".join(row) for row in table)]) + (end if closed else "")
    path.write_text(text, encoding="utf-8", newline="")
    assert taken(TextTable(path, lambda: None)) == taken(CarefulTable(path, lambda: None))
