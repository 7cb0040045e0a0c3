{{ config(materialized='view') }}
-- One row per covariate level of an analysis, before and after matching.
select * from {{ side_table(ref('int_estimates__analyses'), 'balance') }}
