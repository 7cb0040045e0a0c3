"""The version that dbt prints of the adapter: that of the package."""

from importlib.metadata import version as _version_of

version = _version_of("justice-data-lab")
