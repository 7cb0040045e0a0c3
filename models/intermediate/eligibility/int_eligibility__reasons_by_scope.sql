-- One row per uploaded record and scope of the sex-offence rule: the first rule before matching
-- that excludes it under that scope, or `eligible`. Of several records of one person the one that
-- gets furthest through the rules is kept.
{%- set rules = rules_before_matching() %}
with

flags as (
    select * from {{ ref('int_eligibility__flags') }}
),

exclusion_reasons as (
    select * from {{ ref('exclusion_reasons') }}
),

flags_by_scope as (
    {% for scope in sex_offence_scopes() -%}
        select
            {{ all_but(['sex_offence_scope', 'sex_offence']) }},
            is_sex_offence_{{ scope }} as sex_offence,
            '{{ scope }}' as sex_offence_scope
        from flags
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

flags_as_rows as (
    select * from flags_by_scope
    unpivot (is_excluded for reason in ({{ rules | join(', ') }}))
),

first_reasons as (
    select
        flags_as_rows.request_id,
        flags_as_rows.record_number,
        flags_as_rows.sex_offence_scope,
        min_by(exclusion_reasons.reason, exclusion_reasons.step_number) as reason,
        min(exclusion_reasons.step_number) as step_number
    from flags_as_rows
    inner join exclusion_reasons
        on flags_as_rows.reason = exclusion_reasons.reason
    where flags_as_rows.is_excluded
    group by
        flags_as_rows.request_id,
        flags_as_rows.record_number,
        flags_as_rows.sex_offence_scope
),

judged as (
    select
        flags_by_scope.request_id,
        flags_by_scope.record_number,
        flags_by_scope.sex_offence_scope,
        flags_by_scope.person_id,
        flags_by_scope.start_date,
        flags_by_scope.is_matched and not flags_by_scope.invalid_record as is_matched,
        first_reasons.reason,
        first_reasons.step_number
    from flags_by_scope
    left join first_reasons
        on
            flags_by_scope.request_id = first_reasons.request_id
            and flags_by_scope.record_number = first_reasons.record_number
            and flags_by_scope.sex_offence_scope = first_reasons.sex_offence_scope
),

records_of_a_person as (
    select
        *,
        count(*) over (partition by request_id, sex_offence_scope, person_id) as records_n,
        row_number() over (
            partition by request_id, sex_offence_scope, person_id
            order by
                step_number desc nulls first,
                start_date asc nulls last,
                record_number asc
        ) as place
    from judged
    where is_matched
)

select
    judged.request_id,
    judged.record_number,
    judged.sex_offence_scope,
    judged.is_matched,
    coalesce(records_of_a_person.records_n, 1) as records_of_the_person_n,
    case
        when records_of_a_person.place > 1 then 'repeat_record'
        else coalesce(judged.reason, 'eligible')
    end as reason
from judged
left join records_of_a_person
    on
        judged.request_id = records_of_a_person.request_id
        and judged.record_number = records_of_a_person.record_number
        and judged.sex_offence_scope = records_of_a_person.sex_offence_scope
