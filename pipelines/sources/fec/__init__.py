"""Import of the FEC, the accounting export that every French company can produce (art. A47 A-1 LPF).

`reading` turns a file into its customer account lines, with the help of `stream` (bytes, zip, bounds),
`xml_form`, `encoding`, `layout` (the columns), `cells` (dates and amounts), `file_name` and `entries` (the
counterparts in an entry). `overlap` merges the lines of several years, and `sources.bookkeeping` builds the
tables of them. `side_files` and `stored_file` store what a later import needs. The entry point is
`importing.import_fec`.
"""
