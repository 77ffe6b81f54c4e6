"""Files handed in through the pages: what they are, what an import would do, and the import itself.

`job` is the process that works on one upload; `proposal` guesses which column of a table is what, and writes
the mapping; `application` gives the server the jobs that it starts.
"""
