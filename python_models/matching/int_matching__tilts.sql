{{ config(materialized='view') }}
-- One row per term that the weights of a stratum could be balanced on.
select * from {{ side_table(ref('int_estimates__analyses'), 'tilts') }}
