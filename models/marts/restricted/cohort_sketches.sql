-- One row per analysis with figures: what jdl release appends to releases/cohorts.csv.
with

cohorts as (
    select * from {{ ref('int_publishing__cohorts') }}
    where hold_reason is null and {{ is_not_withheld() }}
)

select
    request_id,
    analysis_id,
    cast(pseudonym('releases', 'key check') as varchar) as key_check,
    people_n,
    people_sketch,
    reoffenders_n,
    reoffenders_sketch,
    others_sketch
from cohorts
