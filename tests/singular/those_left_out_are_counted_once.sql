-- Failing rows: counts that tell more or fewer people than the outcomes of the records do. The
-- parts of a reason add up to it, everybody still in custody has a row of resubmissions, everybody
-- with another disposal inside the window a suggested analysis, and no suggested analysis anybody
-- else.
with

outcomes as (
    select
        request_id,
        outcome as reason,
        count(*) as n
    from {{ ref('record_outcomes') }}
    group by request_id, outcome
),

details as (
    select
        request_id,
        reason,
        sum(n) as n
    from {{ ref('attrition_detail') }}
    where reason in ('other_disposal', 'outside_window', 'sex_offence')
    group by request_id, reason
),

in_custody as (
    select
        request_id,
        'still_in_custody' as reason,
        sum(n) as n
    from {{ ref('resubmissions') }}
    group by request_id
),

parts as (
    select * from details
    union all
    select * from in_custody
),

wholes as (
    select
        coalesce(parts.request_id, outcomes.request_id) as request_id,
        coalesce(parts.reason, outcomes.reason) as counted,
        coalesce(parts.n, 0) as parts_n,
        coalesce(outcomes.n, 0) as records_n
    from parts
    full outer join outcomes
        on
            parts.request_id = outcomes.request_id
            and parts.reason = outcomes.reason
    where
        coalesce(parts.reason, outcomes.reason)
        in ('other_disposal', 'outside_window', 'sex_offence', 'still_in_custody')
),

further as (
    select
        records.request_id,
        count_if(
            records.outcome = 'other_disposal' and records.is_other_disposal_within_window
        ) as within_window_n,
        count_if(
            records.outcome = 'other_disposal'
            and records.is_other_disposal_within_window
            and suggested_analyses.record_number is not null
        ) as within_window_held_n,
        count_if(suggested_analyses.record_number is not null) as held_n,
        count_if(
            suggested_analyses.record_number is not null
            and records.outcome in ('no_sentence_found', 'other_disposal', 'outside_window')
        ) as held_and_left_out_n
    from {{ ref('int_outcomes__records') }} as records
    left join {{ ref('int_eligibility__suggested_analyses') }} as suggested_analyses
        on
            records.request_id = suggested_analyses.request_id
            and records.record_number = suggested_analyses.record_number
    group by records.request_id
),

offered as (
    select
        request_id,
        sum(people_n) as people_n,
        count_if(expected_n > people_n) as too_many_n
    from {{ ref('suggested_analyses') }}
    group by request_id
)

select
    request_id,
    counted,
    parts_n,
    records_n
from wholes
where parts_n <> records_n
union all
select
    request_id,
    'other_disposal_within_window' as counted,
    within_window_held_n as parts_n,
    within_window_n as records_n
from further
where within_window_held_n <> within_window_n or held_n <> held_and_left_out_n
union all
select
    offered.request_id,
    'suggested_analyses' as counted,
    offered.people_n as parts_n,
    coalesce(further.held_n, 0) as records_n
from offered
left join further
    on offered.request_id = further.request_id
where offered.people_n <> coalesce(further.held_n, 0) or offered.too_many_n > 0
