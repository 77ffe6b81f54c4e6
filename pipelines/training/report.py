"""One HTML page about both models: data and periods, measures overall and by segment, figures."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from models.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Encours: models</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}
th,td{padding:.25rem .75rem;border-bottom:1px solid #ddd;text-align:right}
th:first-child,td:first-child{text-align:left}
img{max-width:100%;height:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
</style></head><body>
<h1>Models</h1>
{% for t in targets %}
<h2>{{ t.facts.name }}</h2>
<p>{{ "{:,}".format(t.facts.rows) }} rows from {{ t.facts.first_day }},
{{ "%.2f"|format(100 * t.facts.bad_share) }} % bad,
data {{ t.facts.data_hash }}, model {{ t.version }}, {{ t.facts.rounds }} trees. Periods end on
{% for name, day in t.facts.period_ends.items() %}{{ name }} {{ day }}{{ ", " if not loop.last }}{% endfor %}.
Measured on the test period, by the model that had not seen it.</p>
<table><tr><th>measure</th><th>value</th></tr>
{% for name, value in t.metrics.items() %}<tr><td>{{ name }}</td><td>{{ "%.4g"|format(value) }}</td></tr>
{% endfor %}</table>
<h3>By segment</h3>
<table><tr><th>segment</th><th>rows</th><th>bad share</th><th>predicted</th><th>AUC</th><th>Brier</th></tr>
{% for name, m in t.segments.items() %}<tr><td>{{ name }}</td><td>{{ m.rows|int }}</td>
<td>{{ "%.3f"|format(m.bad_share) }}</td><td>{{ "%.3f"|format(m.mean_probability) }}</td>
<td>{{ "%.3f"|format(m.auc) if m.auc is defined else "–" }}</td><td>{{ "%.4f"|format(m.brier) }}</td></tr>
{% endfor %}</table>
<div class="figures">{% for name, data in t.figures.items() %}
<figure><img src="data:image/png;base64,{{ data }}" alt="{{ t.facts.name }}: {{ name }}">
<figcaption>{{ name }}</figcaption></figure>{% endfor %}</div>
{% endfor %}
</body></html>
"""


def write_report(models: Path, out: Path) -> None:
    """Write the page about the trained targets under `models`.

    Raises
    ------
    ModelError
        A target was not trained into `models`.
    """
    from jinja2 import Environment  # noqa: PLC0415

    targets = [_target(models / name) for name in ("late", "default")]
    page = Environment(autoescape=True).from_string(_PAGE).render(targets=targets)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")


def _target(folder: Path) -> dict[str, Any]:
    try:
        model = json.loads((folder / "model" / "model.json").read_text(encoding="utf-8"))
        found = {name: json.loads((folder / f"{name}.json").read_text()) for name in ("metrics", "segments")}
        figures = {
            path.stem: base64.b64encode(path.read_bytes()).decode()
            for path in sorted((folder / "figures").glob("*.png"))
        }
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} holds no trained model: {error}; run `encours train`") from error
    facts = {"name": model["target"], **model["facts"]}
    return {"facts": facts, "version": model["version"], "figures": figures, **found}
