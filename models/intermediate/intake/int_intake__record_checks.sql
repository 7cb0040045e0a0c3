-- One row a record and a check of the intake that it fails.
with

individuals as (
    select * from {{ ref('stg_uploads__individuals') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

requests as (
    select * from {{ ref('int_intake__requests') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

checked as (
    select
        individuals.request_id,
        individuals.record_number,
        individuals.surname_key is null as surname_missing,
        individuals.forenames is null as forename_missing,
        records.has_initials_only as initials_only,
        trim(coalesce(individuals.date_of_birth_text, '')) = '' as date_of_birth_missing,
        records.is_date_of_birth_unreadable as date_of_birth_unreadable,
        records.is_date_of_birth_implausible as date_of_birth_implausible,
        coalesce(individuals.gender_text, '') not in ('m', 'male', 'man', 'f', 'female', 'woman')
            as gender_unknown,
        individuals.start_date is null and individuals.end_date is null as service_date_missing,
        (individuals.start_date is null and trim(coalesce(individuals.start_date_text, '')) <> '')
        or (individuals.end_date is null and trim(coalesce(individuals.end_date_text, '')) <> '')
            as service_date_unreadable,
        coalesce(individuals.end_date < individuals.start_date, false) as end_before_start,
        individuals.start_date is null and individuals.end_date is not null as end_date_only,
        coalesce(records.service_date > extract.data_as_of, false) as start_after_extract,
        trim(coalesce(individuals.pncid_text, '')) <> ''
        and not coalesce({{ pnc_id_letter_agrees('individuals.pncid_key') }}, false)
            as pncid_malformed,
        trim(coalesce(individuals.prison_number_text, '')) <> ''
        and not coalesce(
            regexp_full_match(individuals.prison_number_key, '[A-Z]\d{4}[A-Z]{2}|[A-Z]{2}\d{3,6}'),
            false
        ) as prison_number_malformed,
        count(*) over (
            partition by
                individuals.request_id, individuals.surname_key, individuals.forenames,
                records.date_of_birth
        ) > 1
        and individuals.surname_key is not null
        and records.date_of_birth is not null as duplicate_record
    from individuals
    inner join records
        on
            individuals.request_id = records.request_id
            and individuals.record_number = records.record_number
    inner join requests
        on individuals.request_id = requests.request_id
    cross join extract
),

checks_as_rows as (
    unpivot checked on columns(* exclude (request_id, record_number)) into name check_id value fails
)

select
    request_id,
    record_number,
    check_id
from checks_as_rows
where fails
