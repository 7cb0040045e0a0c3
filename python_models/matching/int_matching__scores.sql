{{ config(materialized='view') }}
-- One row per person of an analysis: the score. Of further analyses the treated alone are kept.
select * from {{ side_table(ref('int_estimates__analyses'), 'scores') }}
