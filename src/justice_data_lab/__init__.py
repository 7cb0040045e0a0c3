"""The package of the Justice Data Lab: statistics, intake, sample and the ``jdl`` command."""
