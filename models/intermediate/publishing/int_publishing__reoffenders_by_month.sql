{{ config(materialized='view') }}
-- One row per request, analysis, arm and month of the follow-up: the matched people who re-offended
-- first in it. Months without anybody are left out.
select * from {{ side_table(ref('int_estimates__analyses'), 'reoffenders_by_month') }}
