-- One row per uploaded record: the first rule before matching that excludes it, or `eligible`, by
-- the scope of the sex-offence rule that its request has.
{%- set left_out = ['is_matched'] + rules_before_matching() %}
{%- for scope in sex_offence_scopes() %}
    {%- do left_out.append('is_sex_offence_' ~ scope) %}
{%- endfor %}
with

records as (
    select
        {{ all_but(left_out) }}
    from {{ ref('int_eligibility__flags') }}
),

reasons_by_scope as (
    select * from {{ ref('int_eligibility__reasons_by_scope') }}
)

select
    records.*,
    reasons_by_scope.is_matched,
    reasons_by_scope.records_of_the_person_n,
    reasons_by_scope.reason
from records
inner join reasons_by_scope
    on
        records.request_id = reasons_by_scope.request_id
        and records.record_number = reasons_by_scope.record_number
        and records.sex_offence_scope = reasons_by_scope.sex_offence_scope
