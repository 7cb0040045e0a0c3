-- One row per treated person of an analysis that a request could have: the eligible records of its
-- scope of the sex-offence rule, of its kind of event and of its subgroup.
with

analyses as (
    select * from {{ ref('int_cohorts__planned_analyses') }}
),

eligible_records as (
    select * from {{ ref('int_eligibility__eligible_records') }}
),

cohort_events as (
    select * from {{ ref('int_cohorts__events') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

eligible as (
    select
        eligible_records.*,
        cohort_events.sex,
        cohort_events.age_band,
        cohort_events.region,
        events.establishment
    from eligible_records
    inner join cohort_events
        on eligible_records.event_id = cohort_events.event_id
    inner join events
        on eligible_records.event_id = events.event_id
)

select
    analyses.request_id,
    analyses.analysis_id,
    eligible.event_type as stratum,
    eligible.person_id,
    eligible.event_id,
    eligible.record_number,
    eligible.delay_days
from analyses
inner join eligible
    on
        analyses.request_id = eligible.request_id
        and analyses.sex_offence_scope = eligible.sex_offence_scope
        and coalesce(analyses.event_type, eligible.event_type) = eligible.event_type
where
    -- nobody can be compared within a region that is not known
    not (analyses.kind = 'regional' and eligible.region is null)
    and case analyses.subgroup_field
        when 'sex' then analyses.subgroup_value = eligible.sex
        when 'age_band' then analyses.subgroup_value = eligible.age_band
        when 'region' then analyses.subgroup_value = eligible.region
        when 'establishment'
            then
                {{ folded_text('analyses.subgroup_value') }}
                = {{ folded_text('eligible.establishment') }}
        when 'user_reference_1'
            then
                {{ folded_text('analyses.subgroup_value') }}
                = {{ folded_text('eligible.user_reference_1') }}
        else true
    end
