with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

records as (
    select * from {{ ref('int_outcomes__records') }}
),

attrition_detail as (
    select * from {{ ref('attrition_detail_kinds') }}
),

counted as (
    select
        requests.request_id,
        count(*) filter (where records.outcome = 'not_on_pnc' and records.link_reason = 'not_found')
            as not_found,
        count(*) filter (where records.outcome = 'not_on_pnc' and records.link_reason = 'in_review')
            as in_review,
        count(*) filter (where records.link_reason = 'no_conviction') as no_conviction,
        count(*) filter (where records.link_reason = 'date_of_birth_not_accurate')
            as date_of_birth_not_accurate,
        count(*) filter (where records.is_matched and records.records_of_the_person_n > 1)
            as repeat_records,
        count(distinct records.person_id)
        filter (where records.is_matched and records.records_of_the_person_n > 1)
            as repeat_people,
        count(*) filter (
            where records.outcome = 'other_disposal' and records.is_other_disposal_within_window
        ) as other_disposal_within_window,
        count(*) filter (
            where records.outcome = 'other_disposal' and not records.is_other_disposal_within_window
        ) as other_disposal_before_window,
        count(*) filter (
            where records.outcome = 'outside_window' and records.is_referred_before_sentence
        ) as referred_before_sentence,
        count(*) filter (
            where records.outcome = 'outside_window' and not records.is_referred_before_sentence
        ) as too_long_after_index_event,
        count(*) filter (
            where records.outcome = 'sex_offence' and records.is_sexual_index_offence
        ) as sexual_index_offence,
        count(*) filter (
            where records.outcome = 'sex_offence' and not records.is_sexual_index_offence
        ) as other_sex_offence
    from requests
    left join records
        on requests.request_id = records.request_id
    group by requests.request_id
),

details as (
    select * from counted
    unpivot (
        n for detail in (
            not_found, in_review, no_conviction, date_of_birth_not_accurate, repeat_records,
            repeat_people, other_disposal_within_window, other_disposal_before_window,
            referred_before_sentence, too_long_after_index_event, sexual_index_offence,
            other_sex_offence
        )
    )
)

select
    details.request_id,
    details.detail,
    attrition_detail.detail_order,
    attrition_detail.reason,
    attrition_detail.description,
    details.n
from details
left join attrition_detail
    on details.detail = attrition_detail.detail
