{{ config(materialized='view') }}
-- One row per request, analysis and measure: how many people stand behind it in each arm.
select * from {{ side_table(ref('int_estimates__analyses'), 'contributors') }}
