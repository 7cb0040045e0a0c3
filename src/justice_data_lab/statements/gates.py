"""What is said of the gates before results."""

from __future__ import annotations

from collections.abc import Sequence

from justice_data_lab.gates import failed
from justice_data_lab.statements.rows import Row


def failed_gates(gates: Sequence[Row]) -> str:
    """Say which gates failed, who may override that and how, or that it is overridden.

    gates: the published ones of a headline. Empty where all pass or none is shown.
    """
    failing = failed(gates)
    standing = [gate.failure for gate, is_overridden in failing if not is_overridden]
    overridden = [gate.failure for gate, is_overridden in failing if is_overridden]
    text = ""
    if standing:
        text += (
            f"Not reliable: {'; '.join(standing)}. Only the lab's analysts can override this, by a "
            "row override_gate with its reason in the analysis plan of this request. "
        )
    if overridden:
        text += f"Failed, and overridden by the lab: {'; '.join(overridden)}. "
    return text
