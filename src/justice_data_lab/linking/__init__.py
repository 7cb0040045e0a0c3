"""The probabilistic pass of the linking: a saved Splink model that a build never trains.

`predict` finds and scores the people that each record may be about, with those that a pass knows
already, `decide` says what becomes of each record, and `train` makes a new model.
"""

from justice_data_lab.linking.decision import decide
from justice_data_lab.linking.model import LinkModel, load_model
from justice_data_lab.linking.prediction import predict
from justice_data_lab.linking.settings import LinkError, LinkInputs, LinkSettings
from justice_data_lab.linking.training import TrainingSettings, train

__all__ = [
    "LinkError",
    "LinkInputs",
    "LinkModel",
    "LinkSettings",
    "TrainingSettings",
    "decide",
    "load_model",
    "predict",
    "train",
]
