{{ config(materialized='view') }}
-- One row per gate of an analysis.
select * from {{ side_table(ref('int_estimates__analyses'), 'gates') }}
