{{ config(materialized='view') }}
-- One row per member of an analysis, with every outcome that is measured.
with

members as (
    select * from {{ ref('int_cohorts__members') }}
),

employment_after as (
    select * from {{ ref('int_outcomes__employment_after') }}
)

select
    members.*,
    employment_after.in_employment_1y
from members
inner join employment_after
    on members.event_id = employment_after.event_id
