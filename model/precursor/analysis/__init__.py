"""Numbers from a run: exact queries over its draws, summarised, each traceable to the query that it answers.

`report_data` gathers all of them into the one document from which the report is made.  Everything here is a pure
function of a run; nothing here draws, prints or writes.
"""
