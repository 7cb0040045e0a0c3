-- One row a request: whether it is withdrawn or stopped before linking, and why.
with

answers as (
    select * from {{ ref('int_intake__answers') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

counted as (
    select
        request_id,
        count(*) as submitted_n,
        count(*) filter (where has_initials_only) as initials_n
    from records
    group by request_id
),

checked as (
    select
        answers.*,
        coalesce(counted.submitted_n, 0) as submitted_n,
        coalesce(counted.initials_n, 0) as initials_n,
        [
            case when not answers.is_readable then 'not_readable' end,
            case
                when coalesce(counted.submitted_n, 0) < {{ var('minimum_submitted') }}
                    then 'fewer_than_60_records'
            end,
            case
                when answers.delivered_in is null
                    or (answers.delivered_in = 'community' and answers.index_event is null)
                    then 'service_answer_missing'
            end,
            case
                when answers.delivered_in = 'custody'
                    and answers.index_event = 'community_sentence'
                    then 'custody_with_community_sentence'
            end,
            case when answers.governance_approved = 'no' then 'governance_refused' end,
            case when answers.conditions_accepted = 'no' then 'conditions_refused' end,
            case
                when counted.initials_n
                    > {{ var('mostly_initials_share') }} * counted.submitted_n
                    then 'mostly_initials'
            end
        ] as checks_that_stop
    from answers
    left join counted
        on answers.request_id = counted.request_id
),

stopped as (
    select
        * exclude (checks_that_stop),
        list_filter(checks_that_stop, lambda check_id: check_id is not null) as stop_reasons
    from checked
)

select
    *,
    len(stop_reasons) > 0 as is_not_answerable,
    is_withdrawn or len(stop_reasons) > 0 as is_stopped
from stopped
