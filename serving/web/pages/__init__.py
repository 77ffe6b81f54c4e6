"""The routes of the pages, one module a page; `serving.web.router` gathers them."""
