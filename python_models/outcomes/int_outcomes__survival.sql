{{ config(materialized='view') }}
-- One row per month of an arm of an analysis.
select * from {{ side_table(ref('int_estimates__analyses'), 'survival') }}
