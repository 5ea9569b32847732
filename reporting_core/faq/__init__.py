"""Finding the reviewed answer to a question, without a model: n-grams of letters, weighed and compared."""

from reporting_core.faq.index import Index
from reporting_core.faq.letters import LONGEST, words

__all__ = ["LONGEST", "Index", "words"]
