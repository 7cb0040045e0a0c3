-- One row per request. Of one that a stage of the publishing failed for, there is its status.
with

facts as (
    select request_id from {{ ref('int_publishing__request_facts') }}
),

requests as (
    select * from {{ ref('int_publishing__requests') }}
    where {{ is_not_withheld() }}
),

requests_or_status as (
    select
        requests.* replace (
            facts.request_id as request_id,
            coalesce(requests.status, 'could_not_be_estimated') as status,
            case
                when requests.request_id is null then 'could_not_be_estimated'
                else requests.status_reason
            end as status_reason
        )
    from facts
    left join requests
        on facts.request_id = requests.request_id
)

{{ pass_on('requests_or_status') }}
