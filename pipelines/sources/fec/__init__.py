"""Import of the FEC, the accounting export that every French company can produce (art. A47 A-1 LPF).

`reading` turns a file into its lines on customers' accounts, with the help of `stream` (bytes, zip, bounds),
`encoding`, `layout` (the columns), `cells` (dates and amounts), `naming` (the file's name) and `entries`
(what stands on the other side of an entry). `overlap`, `customers`, `opening` and `lettering` put the lines
of several years together; `documents` says what each line is, `due_dates` when it falls due, `matching` what
pays what, `doubtful` which losses are told; `building` leads through these steps to `tables`. `keeping` holds
the side files and `importing` is the way in: `import_fec`.
"""
