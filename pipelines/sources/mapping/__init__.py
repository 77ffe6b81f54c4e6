"""Import of any CSV or Excel export through a small TOML that says which column is what.

`shape` holds what a mapping says, `loading` reads and checks it, `reading` turns files into rows of text,
`cells` parses text, `applying` makes canonical rows of them, `settling` ties payments to invoices, and
`importing` is the way in: `import_files`.
"""
