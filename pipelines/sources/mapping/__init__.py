"""Import of any CSV or Excel export through a TOML file that maps its columns.

`shape` defines the mapping, `loading` reads and checks it, `reading` turns files into rows of text, `cells`
parses text, `applying` builds canonical rows, `settling` matches payments with invoices. The entry point is
`importing.import_files`.
"""
