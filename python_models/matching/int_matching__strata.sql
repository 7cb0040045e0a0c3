{{ config(materialized='view') }}
-- One row per stratum of an analysis in which anybody is matched.
select * from {{ side_table(ref('int_estimates__analyses'), 'strata') }}
