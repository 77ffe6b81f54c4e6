"""What public registers say of a company: how they are asked, and how their answers are read.

Stands between `models` and whoever asks: the pipelines fill a ledger from it, the server fills in a prospect.
It knows neither ledgers' folders nor pages. `client` is the only module that calls out, `cache` keeps what
came, one module a register reads answers, and `lookup` puts them together for one company.
"""
