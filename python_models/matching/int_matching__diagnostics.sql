{{ config(materialized='view') }}
-- One row per analysis: support, weights and balance.
select * from {{ side_table(ref('int_estimates__analyses'), 'diagnostics') }}
