-- One row per request. One that a stage of the publishing failed for could not be estimated.
with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

published_requests as (
    select * from requests
    where {{ is_not_withheld() }}
),

withheld_requests as (
    select
        requests.* replace (
            'could_not_be_estimated' as status,
            'could_not_be_estimated' as status_reason,
            'The calculation stopped with an error; the lab''s staff can see where'
                as status_detail,
            null as review_due_on
        )
    from requests
    where not {{ is_not_withheld() }}
),

requests_with_status as (
    select * from published_requests
    union all
    select * from withheld_requests
)

{{ pass_on('requests_with_status') }}
