"""Charts as inline SVG, for the pages and for the report of a training.

`canvas` owns the elements, `plot` the axes. Colours and strokes are the stylesheet's, by class.
"""
