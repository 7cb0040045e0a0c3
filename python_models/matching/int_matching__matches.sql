{{ config(materialized='view') }}
-- One row per event of an analysis: its weight. Of further analyses the treated alone are kept.
select * from {{ side_table(ref('int_estimates__analyses'), 'matches') }}
