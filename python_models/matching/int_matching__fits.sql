{{ config(materialized='view') }}
-- One row per term of the propensity model of an analysis and stratum.
select * from {{ side_table(ref('int_estimates__analyses'), 'fits') }}
