{{ config(materialized='view') }}
-- One row per measure of a scenario of a headline.
select * from {{ side_table(ref('int_estimates__analyses'), 'sensitivity') }}
