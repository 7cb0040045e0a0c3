with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

records as (
    select * from {{ ref('int_outcomes__records') }}
),

counted as (
    select
        requests.request_id,
        count(*) filter (where records.link_reason = 'date_of_birth_not_accurate')
            as date_of_birth_not_accurate,
        count(*) filter (where records.link_reason = 'no_conviction') as no_conviction,
        count(*) filter (where records.is_matched and records.records_of_the_person_n > 1)
            as repeat_records,
        count(distinct records.person_id)
        filter (where records.is_matched and records.records_of_the_person_n > 1)
            as repeat_people,
        count(*) filter (
            where records.outcome = 'other_disposal' and records.is_other_disposal_within_window
        ) as other_disposal_within_window,
        count(*) filter (
            where records.outcome = 'sex_offence' and records.is_sexual_index_offence
        ) as sexual_index_offence,
        count(*) filter (
            where records.outcome = 'outside_window' and records.is_referred_before_sentence
        ) as referred_before_sentence
    from requests
    left join records
        on requests.request_id = records.request_id
    group by requests.request_id
),

details as (
    unpivot counted on columns(* exclude (request_id)) into name detail value n
)

select
    request_id,
    detail,
    n
from details
