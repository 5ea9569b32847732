"""Plain questions read into a query, without a model: the account's names and the grammar's own words decide."""

from reporting_core.questions.names import Prepared, prepare
from reporting_core.questions.reading import LONGEST, read

__all__ = ["LONGEST", "Prepared", "prepare", "read"]
