"""Rules for a mart that only passes on: its contract is the one place of its columns.

A mart passes on where its SQL calls the macro ``pass_on``. Whoever reads a column looks at the
contract; the model behind it need not say the same again.
"""

import re
from collections.abc import Iterable
from typing import Any

from dbt_bouncer.check_framework.decorator import check, fail

PASS_ON = "macro.justice_data_lab.pass_on"
SIDE_TABLE = "macro.justice_data_lab.side_table"
WITHHELD = "model.justice_data_lab.int_publishing__failures"
"""Says which rows a mart leaves out, and hands on none."""
_TEXTS: dict[str, dict[str, str]] = {}


def _passes_on(model: Any) -> bool:
    return PASS_ON in (model.depends_on.macros or [])


def _handed_on(model: Any, names: Iterable[str]) -> set[str]:
    """Return the names that the last select takes as they are: ``other.*`` or ``other.name``."""
    code = model.compiled_code or model.raw_code or ""
    last = code.rsplit("\n)\n\n", 1)[-1]
    taken = set(
        re.findall(
            r"^(?:select |    )\w+\.(\*|\w+)(?=,?$| exclude| replace)", last, flags=re.MULTILINE
        )
    )
    return set(names) if "*" in taken else taken & set(names)


def _reads(model: Any) -> list[str]:
    nodes = [name for name in model.depends_on.nodes or [] if name != WITHHELD]
    return [name for name in nodes if name.startswith(("model.", "seed."))]


def _is_pure_pass(model: Any) -> bool:
    """Say whether a model is nothing but one relation under its contract."""
    return _passes_on(model) and len(_reads(model)) == 1


def _texts(model: Any, models: dict[str, Any]) -> dict[str, str]:
    """Return the descriptions of a model's columns: its own, and of those that it hands on."""
    if model.unique_id not in _TEXTS:
        texts: dict[str, str] = {}
        for read in (models[name] for name in _reads(model) if name in models):
            made = _texts(read, models)
            texts |= {name: made[name] for name in _handed_on(model, made)}
        own = {name: column.description or "" for name, column in (model.columns or {}).items()}
        _TEXTS[model.unique_id] = texts | own
    return _TEXTS[model.unique_id]


def _is_passed_on_by(contract: Any, model: Any, models: dict[str, Any]) -> bool:
    """Say whether a contract passes on a model, or a model that takes all columns of it."""
    if not _passes_on(contract):
        return False
    reads = _reads(contract)
    between = [models[name] for name in reads if name in models]
    return model.unique_id in reads or any(
        model.unique_id in _reads(other) and _handed_on(other, [model.name]) for other in between
    )


@check
def check_columns_are_described_once(model, ctx):
    """Every column is described: by its model, a contract above it, or where it is made."""
    models = {other.unique_id: other for other in ctx.models}
    tables = {node.unique_id: node.catalog_node for node in ctx.catalog_nodes}
    texts = _texts(model, models)
    for contract in ctx.models:
        if _is_passed_on_by(contract, model, models):
            texts = _texts(contract, models) | texts
    silent = [name for name in tables[model.unique_id].columns if len(texts.get(name, "")) < 4]
    if silent:
        fail(f"`{model.name}` has columns without a description: {silent}")


@check
def check_columns_are_declared_once(model, ctx):
    """A model that a mart passes on declares no column that the mart's contract declares."""
    contracts = [m for m in ctx.models if _is_pure_pass(m) and model.unique_id in _reads(m)]
    twice = [name for name in model.columns or {} if any(name in m.columns for m in contracts)]
    if twice:
        fail(f"`{model.name}` declares columns of the contract that passes it on: {twice}")


@check
def check_computing_model_has_unit_tests(model, ctx, *, min_number_of_unit_tests: int = 1):
    """A contracted mart has a unit test; where it only passes SQL on, that SQL has one.

    A view on what a Python model left beside its table is made by Python, which pytest tests.
    """
    models = {other.unique_id: other for other in ctx.models}
    tested = models.get(_reads(model)[0]) if _is_pure_pass(model) else model
    if tested is None or tested.language == "python":
        return
    if SIDE_TABLE in (tested.depends_on.macros or []):
        return
    tests = ctx.unit_tests_by_depends_on_node.get(tested.unique_id, [])
    if len(tests) < min_number_of_unit_tests:
        fail(f"`{tested.name}` has {len(tests)} unit tests, fewer than {min_number_of_unit_tests}")
