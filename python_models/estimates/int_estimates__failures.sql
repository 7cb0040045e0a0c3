{{ config(materialized='view') }}
-- One row per stage of the pass and analysis that failed in it. Several scenarios of one headline
-- may fail alike.
select distinct * from {{ side_table(ref('int_estimates__analyses'), 'failures') }}
