-- One row per index event of any analysis: its covariates.
with

covariates as (
    select * from {{ ref('int_histories__covariates') }}
),

events_of_members as (
    select distinct event_id from {{ ref('int_cohorts__members') }}
)

select covariates.*
from covariates
inner join events_of_members
    on covariates.event_id = events_of_members.event_id
