"""dbt-duckdb plugins: what a connection of the build needs before the first model runs."""
