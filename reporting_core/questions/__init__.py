"""Plain questions read into a query, without a model: the account's names and the grammar's own words decide."""
