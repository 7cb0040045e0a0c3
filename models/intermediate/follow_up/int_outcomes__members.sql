{{ config(materialized='view') }}
-- One row per member of an analysis, with every outcome that is measured.
with

members as (
    select * from {{ ref('int_cohorts__members') }}
),

days_at_liberty as (
    select * from {{ ref('int_outcomes__days_at_liberty') }}
),

employment_after as (
    select * from {{ ref('int_outcomes__employment_after') }}
)

select
    members.*,
    members.reoffences_indictable_n > 0 as is_any_indictable,
    members.reoffences_either_way_n > 0 as is_any_either_way,
    members.reoffences_indictable_n + members.reoffences_either_way_n > 0 as is_any_serious,
    members.is_reoffender
    and members.reoffences_indictable_n + members.reoffences_either_way_n = 0
        as is_any_summary_only,
    members.custodial_sentences_n > 0 as is_any_custody,
    coalesce(least(members.days_to_first, 365), 365) as days_free,
    days_at_liberty.days_at_liberty,
    employment_after.in_employment_1y
from members
inner join days_at_liberty
    on members.event_id = days_at_liberty.event_id
inner join employment_after
    on members.event_id = employment_after.event_id
