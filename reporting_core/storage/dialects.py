"""The few words that databases spell differently, as SQL elements compiled per dialect."""

from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class popcount(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """Number of set bits of a 31-bit mask: `bit_count(x)` in most engines."""

    type = Integer()
    inherit_cache = True
    name = "popcount"


class bit_or(FunctionElement[int]):  # noqa: N801 - see above
    """Aggregate: bitwise OR of masks."""

    type = BigInteger()
    inherit_cache = True
    name = "bit_or"


class one_of(FunctionElement[bool]):  # noqa: N801 - see above
    """`column` is among the ids of a JSON array in one parameter.

    The SQL text does not depend on how many there are.
    """

    inherit_cache = True
    name = "one_of"


@compiles(popcount)
def _popcount(element: popcount, compiler: SQLCompiler, **kw: Any) -> str:
    return f"bit_count({compiler.process(element.clauses, **kw)})"


@compiles(popcount, "postgresql")
def _popcount_postgresql(element: popcount, compiler: SQLCompiler, **kw: Any) -> str:
    return f"bit_count(({compiler.process(element.clauses, **kw)})::bit(32))"


@compiles(bit_or)
def _bit_or(element: bit_or, compiler: SQLCompiler, **kw: Any) -> str:
    return f"bit_or({compiler.process(element.clauses, **kw)})"


@compiles(one_of)
def _one_of(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled expressions, never data


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value::bigint FROM json_array_elements_text(CAST({ids} AS json)))"  # noqa: S608 - see above


class BitOr:
    """The aggregate `bit_or` for SQLite, which has none."""

    def __init__(self) -> None:
        """Start with no bits."""
        self.bits = 0

    def step(self, mask: int | None) -> None:
        """Add one row's bits."""
        self.bits |= mask or 0

    def finalize(self) -> int:
        """Return all bits seen."""
        return self.bits
