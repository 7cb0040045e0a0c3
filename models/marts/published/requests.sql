-- One row per request. Of one that a stage of the publishing failed for, there is its status.
with

requests_and_failures as (
    select request_id from {{ ref('int_publishing__requests') }}
    union
    select request_id from {{ ref('int_publishing__failures') }}
    where request_id is not null
),

requests as (
    select * from {{ ref('int_publishing__requests') }}
    where {{ is_not_withheld() }}
),

requests_or_status as (
    select
        requests.* replace (
            requests_and_failures.request_id as request_id,
            coalesce(requests.status, 'could_not_be_estimated') as status,
            case
                when requests.request_id is null then 'could_not_be_estimated'
                else requests.status_reason
            end as status_reason
        )
    from requests_and_failures
    left join requests
        on requests_and_failures.request_id = requests.request_id
)

{{ pass_on('requests_or_status') }}
