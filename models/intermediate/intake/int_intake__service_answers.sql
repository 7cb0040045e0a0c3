-- One row per request and a question of the template: whether it is answered as the template asks.
with

answers as (
    select * from {{ ref('int_intake__answers') }}
),

answers_as_given as (
    select * from {{ ref('stg_uploads__answers') }}
),

answers_as_text as (
    select
        {{ all_but(['submitted_on', 'withdrawn_on']) }},
        case when is_submission_dated then cast(submitted_on as string) end as submitted_on,
        cast(withdrawn_on as string) as withdrawn_on
    from answers
),

questions as (
    select * from answers_as_text
    unpivot include nulls (
        understood for question in (
            organisation, service_name, sector, need, description, delivered_in, index_event,
            referral_routes, start_relative_to_sentence, date_meaning, repeat_receipt_usual,
            governance_approved, conditions_accepted, contact_email, alternative_contact,
            submitted_on, withdrawn_on
        )
    )
),

compared as (
    select
        questions.request_id,
        questions.question,
        questions.understood,
        answers_as_given.answer,
        questions.question = 'delivered_in'
        or (questions.question = 'index_event' and answers.delivered_in = 'community')
        -- a refusal can be put in many words
        or (
            questions.question in ('governance_approved', 'conditions_accepted')
            and answers_as_given.answer is not null
            and questions.understood is null
        ) as is_needed,
        questions.question in ('submitted_on', 'withdrawn_on', 'contact_email')
        or (questions.question = 'index_event' and answers.delivered_in <> 'community')
            as may_be_empty
    from questions
    inner join answers
        on questions.request_id = answers.request_id
    left join answers_as_given
        on
            questions.request_id = answers_as_given.request_id
            and questions.question = answers_as_given.question
)

select
    request_id,
    question,
    coalesce(is_needed, false) as is_needed,
    coalesce(may_be_empty, false) as may_be_empty,
    case
        when answer is null then 'missing'
        when understood is null then 'not_recognised'
        else 'answered'
    end as status
from compared
