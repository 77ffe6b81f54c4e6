"""MLflow's pyfunc of a fitted model: a column of probabilities.

MLflow copies this file next to the model and runs it on loading ("models from code"): nothing is pickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd

from models.learning.artifact import FittedModel, load


class ServedModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # MLflow is untyped
    """Pyfunc wrapper of a fitted model."""

    model: FittedModel

    def load_context(self, context: Any) -> None:  # noqa: ANN401  # MLflow's own class
        """Read the model's text and JSON."""
        self.model = load(Path(context.artifacts["fitted"]))

    def predict(
        self,
        context: Any,  # noqa: ANN401, ARG002  # MLflow's signature
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> pd.DataFrame:
        """Return a column `probability`, shape `(n, 1)`."""
        return pd.DataFrame({"probability": self.model.probability(model_input)})


mlflow.models.set_model(ServedModel())
