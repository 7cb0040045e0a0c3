{{ config(materialized='view') }}
-- One row per record and a check of records: passed or failed.
{%- set checks_while_reading = [
    'wrong_number_of_cells', 'row_not_parsed', 'cell_spans_lines', 'rows_may_be_joined',
    'formula_without_value', 'cell_not_as_typed', 'time_of_day'
] %}
with

records as (
    select * from {{ ref('int_intake__records') }}
),

reading_findings as (
    select * from {{ ref('stg_uploads__reading_findings') }}
),

read_with_findings as (
    select
        request_id,
        record_number,
        {% for check_id in checks_while_reading -%}
            bool_or(check_id = '{{ check_id }}') as {{ check_id }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from reading_findings
    where record_number is not null
    group by request_id, record_number
),

people_more_than_once as (
    select
        request_id,
        surname_key,
        forenames,
        date_of_birth,
        min(record_number) as first_record_number
    from records
    where surname_key is not null and date_of_birth is not null
    group by request_id, surname_key, forenames, date_of_birth
    having count(*) > 1
),

{#- each of them is a row of the view -#}
{%- set checks = checks_while_reading + [
    'surname_missing', 'forename_missing', 'initials_only', 'date_of_birth_missing',
    'date_of_birth_unreadable', 'date_of_birth_implausible', 'date_in_doubt', 'gender_unknown',
    'service_date_missing', 'service_date_unreadable', 'end_before_start', 'service_before_birth',
    'end_date_only', 'outside_period', 'pncid_malformed', 'prison_number_malformed',
    'placeholder_name', 'title_in_name', 'free_text_in_reference', 'duplicate_record'
] %}

checked as (
    select
        records.request_id,
        records.record_number,
        {% for check_id in checks_while_reading -%}
            coalesce(read_with_findings.{{ check_id }}, false) as {{ check_id }},
        {% endfor -%}
        records.surname_key is null as surname_missing,
        records.forenames is null as forename_missing,
        records.has_initials_only as initials_only,
        records.is_date_of_birth_missing as date_of_birth_missing,
        records.is_date_of_birth_unreadable as date_of_birth_unreadable,
        records.is_date_of_birth_implausible as date_of_birth_implausible,
        coalesce(records.is_date_of_birth_in_doubt or records.is_service_date_in_doubt, false)
            as date_in_doubt,
        records.gender = 'U' as gender_unknown,
        records.service_date is null and not records.is_service_date_unreadable
        and not coalesce(records.is_service_date_in_doubt, false) as service_date_missing,
        records.is_service_date_unreadable as service_date_unreadable,
        coalesce(records.end_date < records.start_date, false) as end_before_start,
        coalesce(records.service_date < records.date_of_birth, false) as service_before_birth,
        records.start_date is null and records.end_date is not null
        and not coalesce(records.is_service_date_in_doubt, false) as end_date_only,
        records.is_outside_period as outside_period,
        records.is_pncid_malformed as pncid_malformed,
        records.is_prison_number_malformed as prison_number_malformed,
        records.has_placeholder_name as placeholder_name,
        records.has_title as title_in_name,
        records.has_free_text_reference as free_text_in_reference,
        people_more_than_once.request_id is not null as duplicate_record,
        people_more_than_once.first_record_number
    from records
    left join read_with_findings
        on
            records.request_id = read_with_findings.request_id
            and records.record_number = read_with_findings.record_number
    left join people_more_than_once
        on
            records.request_id = people_more_than_once.request_id
            and records.surname_key = people_more_than_once.surname_key
            and records.forenames is not distinct from people_more_than_once.forenames
            and records.date_of_birth = people_more_than_once.date_of_birth
),

checks_as_rows as (
    select * from checked
    unpivot (fails for check_id in ({{ checks | join(', ') }}))
)

select
    request_id,
    record_number,
    check_id,
    case when fails then 'failed' else 'passed' end as status,
    case when fails and check_id = 'duplicate_record' then first_record_number end
        as first_record_number
from checks_as_rows
