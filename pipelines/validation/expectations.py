"""Rules as Great Expectations, which only this module and `data_docs` use.

The library runs in memory: nothing is sent, and nothing is stored but the requested pages.
"""

from __future__ import annotations

import html
import warnings
from typing import TYPE_CHECKING, Any

from pipelines.validation.results import N_EXAMPLES
from pipelines.validation.rules import MEASURED, TableRule, What

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

SITE = "checks"


def library() -> Any:  # noqa: ANN401  # the library's module, untyped here
    """Import Great Expectations, without its dependencies' deprecation warnings."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
        import great_expectations  # noqa: PLC0415  # costs seconds

        return great_expectations


def new_context(site: str | None = None) -> Any:  # noqa: ANN401  # the library's own type
    """Create an in-memory context without progress bars and usage statistics.

    Parameters
    ----------
    site
        The folder for Data Docs.
    """
    library_ = library()
    from great_expectations.data_context.types.base import (  # noqa: PLC0415  # costs seconds
        ProgressBarsConfig,
    )

    context = library_.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.variables.analytics_enabled = False
    if site is not None:
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": site}
        index = {"class_name": "DefaultSiteIndexBuilder"}
        config = {"class_name": "SiteBuilder", "store_backend": store, "site_index_builder": index}
        context.add_data_docs_site(SITE, {**config, "show_how_to_buttons": False})
    return context


def run_rules(
    context: Any,  # noqa: ANN401  # the library's own type
    name: str,
    frame: pd.DataFrame,
    rules: Sequence[TableRule],
) -> dict[TableRule, Any]:
    """Run rules on a frame and return the library's result by rule.

    Parameters
    ----------
    name
        Name of the suite and its data in the library's pages.
    """
    library_ = library()
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    suite = library_.ExpectationSuite(
        name=name, expectations=[_expectation(rule, at) for at, rule in enumerate(rules)]
    )
    definition = library_.ValidationDefinition(
        name=name, data=asset.add_batch_definition_whole_dataframe(name), suite=context.suites.add(suite)
    )
    outcome = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": N_EXAMPLES},
    )
    return {rules[result.expectation_config.meta["rule"]]: result for result in outcome.results}


def escape_values(context: Any) -> None:  # noqa: ANN401  # the library's own type
    """Escape the ledger's values before pages are built: the library inserts them unescaped."""
    results = context.validation_results_store
    for key in results.list_keys():
        outcome = results.get(key)
        for result in outcome.results:
            result.result = _escaped(result.result)
        results.update(key, outcome)


def _escaped(value: Any) -> Any:  # noqa: ANN401  # a JSON value
    if isinstance(value, dict):
        return {name: _escaped(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(one) for one in value]
    # The library substitutes names after a dollar sign.
    return html.escape(value).replace("$", "&#36;") if isinstance(value, str) else value


def _expectation(rule: TableRule, at: int) -> Any:  # noqa: ANN401  # the library's own type
    """Convert a rule to an expectation; `at` identifies the rule of its result."""
    kind, wanted = _IN_ITS_WORDS[rule.what]
    if rule.what == "unique" and len(rule.columns) > 1:
        kind, wanted = "ExpectCompoundColumnsToBeUnique", lambda rule: {"column_list": list(rule.columns)}
    labels = {
        "meta": {"rule": at},
        "notes": f"{rule.sentence('fr')} · {rule.sentence('en')}",
        "severity": "critical" if rule.level == "error" else "warning",
    }
    return getattr(library().expectations, kind)(**wanted(rule), **labels)


def _column(rule: TableRule) -> dict[str, Any]:
    return {"column": rule.columns[0]}


def _measured(rule: TableRule) -> dict[str, Any]:
    return {"column": rule.what, "min_value": rule.low, "max_value": rule.high}


_IN_ITS_WORDS: dict[What, tuple[str, Callable[[TableRule], dict[str, Any]]]] = {
    "some_rows": ("ExpectTableRowCountToBeBetween", lambda _: {"min_value": 1}),
    "unique": ("ExpectColumnValuesToBeUnique", _column),
    "filled": ("ExpectColumnValuesToNotBeNull", _column),
    "none": ("ExpectColumnValuesToBeNull", _column),
    "among": ("ExpectColumnValuesToBeInSet", lambda r: {**_column(r), "value_set": list(r.allowed)}),
    "not_equal": ("ExpectColumnValuesToNotBeInSet", lambda r: {**_column(r), "value_set": list(r.allowed)}),
    "between": (
        "ExpectColumnValuesToBeBetween",
        lambda r: {**_column(r), "min_value": r.low, "max_value": r.high},
    ),
    "above": (
        "ExpectColumnValuesToBeBetween",
        lambda r: {**_column(r), "min_value": r.low, "strict_min": True},
    ),
    "pattern": ("ExpectColumnValuesToMatchRegex", lambda r: {**_column(r), "regex": r.pattern}),
    "one_value": ("ExpectColumnUniqueValueCountToBeBetween", lambda r: {**_column(r), "max_value": 1}),
    "in_order": (
        "ExpectColumnPairValuesAToBeGreaterThanB",
        lambda r: {
            "column_A": r.columns[1],
            "column_B": r.columns[0],
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    ),
    **dict.fromkeys(MEASURED, ("ExpectColumnValuesToBeBetween", _measured)),
}
