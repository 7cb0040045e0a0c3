{{ config(materialized='view') }}
-- One row per measure of a headline's placebo.
select * from {{ side_table(ref('int_estimates__analyses'), 'placebo') }}
