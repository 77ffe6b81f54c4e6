"""Commands on the credit policy: `encours policy check`, `show` and `compare`.

Wiring only; `pipelines.cli.app` registers them. Exit codes: 0 done or valid, 2 refused, with a one-line
reason or one line per fault.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.wiring import LangOption

app = typer.Typer(no_args_is_help=True, help="The credit policy: check it, show it, compare two.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The policy to check.")],
    lang: LangOption = "fr",
) -> None:
    """Name every fault of a policy by its line, or say that it is valid."""
    from models.policy.document import policy_faults, policy_from_text, policy_text
    from pipelines.cli.console import policy as console_policy

    words = console_policy.WORDS[lang]
    text = policy_text(file)
    faults = policy_faults(text, str(file), lang)
    for fault in faults:
        console.say(fault.located(str(file)))
    if faults:
        console.say(words["faults"].format(count=len(faults)))
        raise typer.Exit(2)
    policy = policy_from_text(text, str(file))
    console.say(words["valid"].format(version=policy.version, hash=policy.hash))


@app.command()
def show(lang: LangOption = "fr") -> None:
    """Show the policy in force."""
    from models.policy.document import policy_from_text, policy_text
    from pipelines.cli.console import policy as console_policy

    path = wiring.settings().policy_path
    text = policy_text(path)
    console_policy.shown(policy_from_text(text, str(path or "policy.toml")), text, lang)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="The policy to start from.")],
    new: Annotated[Path, typer.Argument(help="The policy to put in its place.")],
    out: Annotated[Path | None, typer.Option(help="Write every change to a .csv or .json file.")] = None,
    lang: LangOption = "fr",
) -> None:
    """Compare two policies on last night's portfolio: who changes grade or limit, and what is at risk."""
    from models.policy.changes import changed_keys, single_changes
    from models.policy.credit_case import case_of
    from models.policy.document import policy_from_text, policy_text
    from models.portfolio.policy_comparison import compare_policies
    from pipelines.cli.console import policy as console_policy
    from pipelines.monitoring import comparison_files

    if out is not None:
        comparison_files.check_name(out)
    old_text, new_text = policy_text(old), policy_text(new)
    policies = policy_from_text(old_text, str(old)), policy_from_text(new_text, str(new))
    with closing(wiring.store()) as store:
        run = store.current_run()
        if run is None:
            wiring.refuse("no scores are published yet; run `encours nightly`, or `encours demo` to try it")
        cases = ((who, answer["party"]["name"], case_of(answer)) for who, answer in store.assessments())
        keys, single = changed_keys(old_text, new_text), single_changes(old_text, new_text)
        found = compare_policies(cases, *policies, keys, single)
    console_policy.compared(found, run.key.as_of, lang)
    if out is not None:
        comparison_files.write(found, out)
        console.say(str(out))
