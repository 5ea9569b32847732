"""Finding the reviewed answer to a question, without a model: n-grams of letters, weighed and compared."""
