{{ config(materialized='view') }}
-- One row per covariate level of an analysis with treated people off support.
select * from {{ side_table(ref('int_estimates__analyses'), 'off_support') }}
