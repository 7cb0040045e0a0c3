-- One row a request and a check of the intake that it fails as a whole.
with

requests as (
    select * from {{ ref('int_intake__requests') }}
),

answers as (
    select * from {{ ref('stg_uploads__answers') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

records_of_requests as (
    select
        request_id,
        count_if(has_identifier) as identified_n,
        count_if(service_date is not null) as dated_n
    from records
    group by request_id
),

answers_not_recognised as (
    select distinct answers.request_id
    from answers
    inner join requests
        on answers.request_id = requests.request_id
    where
        answers.answer is not null
        and (
            (answers.question = 'sector' and requests.sector is null)
            or (answers.question = 'need' and requests.need is null)
            or (answers.question = 'delivered_in' and requests.delivered_in is null)
            or (answers.question = 'index_event' and requests.index_event is null)
            or (answers.question = 'repeat_receipt_usual' and requests.repeat_receipt_usual is null)
            or (answers.question = 'governance_approved' and requests.governance_approved is null)
            or (answers.question = 'conditions_accepted' and requests.conditions_accepted is null)
        )
),

submitted_on_given as (
    select request_id
    from answers
    where question = 'submitted_on' and answer is not null
),

stop_reasons as (
    select
        request_id,
        unnest(stop_reasons) as check_id
    from requests
),

checked as (
    select
        request_id,
        check_id
    from stop_reasons
    where check_id <> 'not_readable'
    union all
    select
        request_id,
        'no_identifiers' as check_id
    from records_of_requests
    where identified_n = 0
    union all
    select
        request_id,
        'no_usable_service_date' as check_id
    from records_of_requests
    where dated_n = 0
    union all
    select
        request_id,
        'service_answer_not_recognised' as check_id
    from answers_not_recognised
    union all
    select
        request_id,
        'contact_missing' as check_id
    from requests
    where contact_email is null and alternative_contact is null
    union all
    select
        request_id,
        'drug_or_alcohol_need' as check_id
    from requests
    where need in ('drugs', 'alcohol')
    union all
    select
        requests.request_id,
        'submitted_on_missing' as check_id
    from requests
    left join submitted_on_given
        on requests.request_id = submitted_on_given.request_id
    where submitted_on_given.request_id is null
)

select distinct
    request_id,
    check_id
from checked
