-- One row per uploaded record: what the passes of the linking and the rules can use of it.
with

individuals as (
    select * from {{ ref('stg_uploads__individuals') }}
),

answers as (
    select * from {{ ref('int_intake__answers') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

columns_in_doubt as (
    select
        request_id,
        bool_or(field = 'date_of_birth') as is_date_of_birth_in_doubt,
        bool_or(field = 'intervention_start_date') as is_start_date_in_doubt,
        bool_or(field = 'intervention_end_date') as is_end_date_in_doubt
    from {{ ref('stg_uploads__reading_findings') }}
    where check_id = 'date_order_unclear'
    group by request_id
),

data_ends as (
    select
        reoffending_data_to,
        {{ add_months('reoffending_data_to', -(var('follow_up_months') + var('waiting_months'))) }}
            as months_before
    from extract
),

last_index_dates as (
    select
        -- months are clamped at their end, so that several days can be followed to one
        case
            when reoffending_data_to = last_day(reoffending_data_to) then last_day(months_before)
            else months_before
        end as last_index_date
    from data_ends
),

typed as (
    select
        individuals.*,
        coalesce(columns_in_doubt.is_date_of_birth_in_doubt, false) as is_date_of_birth_in_doubt,
        coalesce(columns_in_doubt.is_start_date_in_doubt, false) as is_start_date_in_doubt,
        coalesce(columns_in_doubt.is_end_date_in_doubt, false) as is_end_date_in_doubt,
        answers.delivered_in,
        answers.submitted_on,
        last_index_dates.last_index_date,
        {{ upload_date('individuals.date_of_birth_text', 'year(answers.submitted_on)') }}
            as date_of_birth_read,
        case
            when individuals.gender_text in ('m', 'male', 'man') then 'M'
            when individuals.gender_text in ('f', 'female', 'woman') then 'F'
            else 'U'
        end as gender,
        {{ is_initials('individuals.forenames') }} as has_initials_only,
        length(individuals.surname_key) = 1 as has_surname_initial
    from individuals
    inner join answers
        on individuals.request_id = answers.request_id
    left join columns_in_doubt
        on individuals.request_id = columns_in_doubt.request_id
    cross join last_index_dates
),

trusted as (
    select
        {{ all_but(['start_date', 'end_date']) }},
        case when not is_start_date_in_doubt then start_date end as start_date,
        case when not is_end_date_in_doubt then end_date end as end_date,
        start_date as start_date_read,
        end_date as end_date_read,
        date_of_birth_read > {{ add_months('submitted_on', '-12') }} as is_too_young,
        date_of_birth_read <= {{ add_months('submitted_on', '-1332') }} as is_too_old
    from typed
),

usable as (
    select
        *,
        case
            when not (is_date_of_birth_in_doubt or is_too_young or is_too_old)
                then date_of_birth_read
        end as date_of_birth,
        surname_key is not null and not has_surname_initial as has_surname,
        surname_key is not null and not has_surname_initial
        and forenames is not null and not has_initials_only as has_full_name,
        pncid_key is not null or prison_number_key is not null as has_identifier,
        coalesce(start_date, end_date) as service_date,
        coalesce(end_date < start_date, false) as is_end_before_start
    from trusted
)

select
    request_id,
    record_number,
    forenames,
    split_part(forenames, ' ', 1) as first_forename,
    surname_key,
    gender,
    date_of_birth,
    pncid_key,
    prison_number_key,
    start_date,
    end_date,
    service_date,
    user_reference_1,
    user_reference_2,
    {{ is_placeholder_name('surname_key') }}
    or {{ is_placeholder_name("replace(forenames, ' ', '')") }} as has_placeholder_name,
    has_title,
    {{ is_free_text('user_reference_1') }} or {{ is_free_text('user_reference_2') }}
        as has_free_text_reference,
    has_initials_only or coalesce(has_surname_initial, false) as has_initials_only,
    has_surname,
    has_full_name,
    has_identifier,
    date_of_birth is not null as has_valid_date_of_birth,
    date_of_birth_text is null as is_date_of_birth_missing,
    date_of_birth_read is null and date_of_birth_text is not null
        as is_date_of_birth_unreadable,
    not is_date_of_birth_in_doubt and coalesce(is_too_young or is_too_old, false)
        as is_date_of_birth_implausible,
    coalesce(
        (is_too_old and not is_date_of_birth_in_doubt)
        or {{ full_match('date_of_birth_text', '\\d{1,4}') }},
        false
    ) as is_age_impossible,
    (start_date_read is null and start_date_text is not null)
    or (end_date_read is null and end_date_text is not null) as is_service_date_unreadable,
    is_date_of_birth_in_doubt and date_of_birth_read is not null as is_date_of_birth_in_doubt,
    (is_start_date_in_doubt and start_date_read is not null)
    or (is_end_date_in_doubt and end_date_read is not null) as is_service_date_in_doubt,
    pncid_text is not null and not coalesce({{ pnc_id_letter_agrees('pncid_key') }}, false)
        as is_pncid_malformed,
    prison_number_text is not null
    and not coalesce({{ is_prison_number('prison_number_key') }}, false)
        as is_prison_number_malformed,
    coalesce(
        case
            when delivered_in = 'custody' then service_date > last_index_date
            else service_date >= {{ add_months('last_index_date', var('window_months')) }}
        end,
        false
    ) as is_outside_period,
    service_date is null
    or is_end_before_start
    or (coalesce(delivered_in = 'community', false) and start_date is null)
    or (has_identifier and not has_surname and date_of_birth is null)
    or (not has_identifier and (not has_full_name or date_of_birth is null)) as is_invalid
from usable
