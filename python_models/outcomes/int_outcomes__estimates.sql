{{ config(materialized='view') }}
-- One row per measure of an analysis.
select * from {{ side_table(ref('int_estimates__analyses'), 'estimates') }}
