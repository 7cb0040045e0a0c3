-- One row per request: where it is in its life, and its counts.
with

requests as (
    select * from {{ ref('int_intake__requests') }}
),

request_checks as (
    select * from {{ ref('int_intake__request_checks') }}
),

upload_checks as (
    select * from {{ ref('upload_checks') }}
    where is_stopping
),

provider_reviews as (
    select * from {{ ref('stg_lab__provider_reviews') }}
),

releases as (
    select distinct request_id from {{ ref('stg_lab__releases') }}
),

records as (
    select
        request_id,
        count(*) filter (where reason = 'eligible') as eligible_n,
        count(*) filter (where outcome = 'analysed') as analysed_n,
        coalesce(bool_or(outcome = 'could_not_be_estimated'), false) as is_failed
    from {{ ref('int_outcomes__records') }}
    group by request_id
),

failed_checks as (
    select
        request_checks.request_id,
        request_checks.check_id,
        upload_checks.text
        || coalesce(
            ' (' || request_checks.counted_n || ' against ' || request_checks.limit_n || ')', ''
        ) as text
    from request_checks
    inner join upload_checks
        on request_checks.check_id = upload_checks.check_id
    where request_checks.status = 'failed'
),

checks_that_stopped as (
    select
        request_id,
        {{ texts_in_order('text', ' ', 'check_id') }} as detail
    from failed_checks
    group by request_id
),

reviews_under_way as (
    select
        request_id,
        max(coalesce(due_on, sent_on + {{ var('review_days') }})) as review_due_on
    from provider_reviews
    where closed_on is null
    group by request_id
)

select
    requests.request_id,
    requests.organisation,
    requests.service_name,
    requests.sector,
    requests.need,
    case
        when requests.is_withdrawn then 'withdrawn'
        when records.is_failed then 'could_not_be_estimated'
        when coalesce(records.analysed_n, 0) = 0 then 'not_answerable'
        when reviews_under_way.request_id is not null then 'in_review'
        when releases.request_id is not null then 'published'
        else 'analysed'
    end as status,
    case
        when requests.is_withdrawn then null
        when requests.is_not_answerable then {{ joined_list('requests.stop_reasons', ', ') }}
        when records.eligible_n < {{ var('minimum_analysed') }} then 'too_few_eligible'
        when records.is_failed then 'could_not_be_estimated'
        when records.analysed_n = 0 then 'too_few_matched'
    end as status_reason,
    case
        when requests.is_withdrawn then null
        when requests.is_not_answerable then checks_that_stopped.detail
        when records.eligible_n < {{ var('minimum_analysed') }}
            then 'Too few people could be followed ('
                || records.eligible_n || ' against {{ var("minimum_analysed") }})'
        when records.is_failed
            then 'The calculation stopped with an error; the lab''s staff can see where'
        when records.analysed_n = 0
            then 'Too few of the people followed have anybody to compare them with '
                || '({{ var("minimum_analysed") }} are needed)'
    end as status_detail,
    case
        when not requests.is_withdrawn and records.analysed_n > 0
            then reviews_under_way.review_due_on
    end as review_due_on,
    not requests.is_withdrawn and coalesce(records.analysed_n, 0) > 0 as is_analysed,
    requests.header_row,
    requests.submitted_n,
    coalesce(records.eligible_n, 0) as eligible_n,
    coalesce(records.analysed_n, 0) as analysed_n
from requests
left join records
    on requests.request_id = records.request_id
left join checks_that_stopped
    on requests.request_id = checks_that_stopped.request_id
left join reviews_under_way
    on requests.request_id = reviews_under_way.request_id
left join releases
    on requests.request_id = releases.request_id
