-- One row an uploaded record: the first rule before matching that excludes it, or `eligible`. Of
-- several records of one person the one that gets furthest through the rules is kept.
{%- set rules = [
    'request_withdrawn', 'request_not_answerable', 'invalid_record', 'not_on_pnc',
    'ambiguous_match', 'no_sentence_found', 'after_data_period', 'still_in_custody',
    'ambiguous_release', 'other_disposal', 'outside_window', 'sex_offence',
    'reoffended_before_start', 'incomplete_follow_up'
] %}
with

flags as (
    select * from {{ ref('int_eligibility__flags') }}
),

exclusion_reasons as (
    select * from {{ ref('exclusion_reasons') }}
),

flags_as_rows as (
    unpivot flags on {{ rules | join(', ') }}
    into name reason value is_excluded
),

first_reasons as (
    select
        flags_as_rows.request_id,
        flags_as_rows.record_number,
        arg_min(exclusion_reasons.reason, exclusion_reasons.step_number) as reason,
        min(exclusion_reasons.step_number) as step_number
    from flags_as_rows
    inner join exclusion_reasons
        on flags_as_rows.reason = exclusion_reasons.reason
    where flags_as_rows.is_excluded
    group by flags_as_rows.request_id, flags_as_rows.record_number
),

records_of_a_person as (
    select
        flags.request_id,
        flags.record_number,
        count(*) over (partition by flags.request_id, flags.person_id) as records_n,
        row_number() over (
            partition by flags.request_id, flags.person_id
            order by
                coalesce(first_reasons.step_number, 99) desc,
                flags.service_date asc,
                flags.record_number asc
        ) as place
    from flags
    left join first_reasons
        on
            flags.request_id = first_reasons.request_id
            and flags.record_number = first_reasons.record_number
    where flags.is_matched and not flags.invalid_record
)

select
    flags.* exclude (is_matched, {{ rules | join(', ') }}),
    flags.is_matched and not flags.invalid_record as is_matched,
    coalesce(records_of_a_person.records_n, 1) as records_of_the_person_n,
    case
        when records_of_a_person.place > 1 then 'repeat_record'
        else coalesce(first_reasons.reason, 'eligible')
    end as reason
from flags
left join first_reasons
    on
        flags.request_id = first_reasons.request_id
        and flags.record_number = first_reasons.record_number
left join records_of_a_person
    on
        flags.request_id = records_of_a_person.request_id
        and flags.record_number = records_of_a_person.record_number
