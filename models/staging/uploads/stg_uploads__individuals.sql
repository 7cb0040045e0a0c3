with

individuals as (
    select * from {{ source('uploads', 'individuals') }}
),

trimmed as (
    select
        request_id,
        record_number,
        forename,
        surname,
        nullif({{ trim_blanks('date_of_birth') }}, '') as date_of_birth,
        nullif({{ folded_text('gender') }}, '') as gender,
        nullif({{ trim_blanks('pncid') }}, '') as pncid,
        nullif({{ trim_blanks('prison_number') }}, '') as prison_number,
        nullif({{ trim_blanks('intervention_start_date') }}, '') as intervention_start_date,
        nullif({{ trim_blanks('intervention_end_date') }}, '') as intervention_end_date,
        user_reference_1,
        user_reference_2
    from individuals
)

select
    request_id,
    record_number,
    {{ fold_name('forename') }} as forenames,
    {{ name_key('surname') }} as surname_key,
    {{ has_title('surname') }} or {{ has_title('forename') }} as has_title,
    date_of_birth as date_of_birth_text,
    gender as gender_text,
    pncid as pncid_text,
    {{ pnc_id_key('pncid') }} as pncid_key,
    prison_number as prison_number_text,
    case
        when {{ has_match(identifier_key('prison_number'), '[1-9]|[A-Z]0') }}
            then {{ identifier_key('prison_number') }}
    end as prison_number_key,
    intervention_start_date as start_date_text,
    {{ upload_date('intervention_start_date', '2068') }} as start_date,
    intervention_end_date as end_date_text,
    {{ upload_date('intervention_end_date', '2068') }} as end_date,
    user_reference_1,
    user_reference_2
from trimmed
