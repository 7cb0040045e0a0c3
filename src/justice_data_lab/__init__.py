"""The Justice Data Lab's package: statistics, intake, the synthetic sample and the ``jdl`` command."""
