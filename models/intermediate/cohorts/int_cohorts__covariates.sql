-- One row per index event of the kinds and quarters in which any analysis looks for controls, which
-- are those of its treated people: its covariates.
with

covariates as (
    select * from {{ ref('int_histories__covariates') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

kinds_and_quarters as (
    select distinct
        stratum,
        index_quarter
    from {{ ref('int_cohorts__pool_rules') }}
)

select covariates.*
from covariates
inner join events
    on covariates.event_id = events.event_id
inner join kinds_and_quarters
    on
        events.event_type = kinds_and_quarters.stratum
        and events.index_quarter = kinds_and_quarters.index_quarter
