"""Steps from one shape of the database to the next, run by `reporting_core.storage.upgrade`."""
