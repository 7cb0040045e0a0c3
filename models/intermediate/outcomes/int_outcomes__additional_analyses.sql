with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

further_analyses as (
    select * from {{ ref('further_analyses') }}
),

records as (
    select
        request_id,
        additional_analysis,
        count(*) as people_n,
        count(*) filter (where is_expected) as expected_n
    from {{ ref('int_eligibility__further_analyses') }}
    group by request_id, additional_analysis
)

select
    requests.request_id,
    further_analyses.additional_analysis,
    further_analyses.additional_order,
    further_analyses.description,
    coalesce(records.people_n, 0) as people_n,
    coalesce(records.expected_n, 0) as expected_n
from requests
cross join further_analyses
left join records
    on
        requests.request_id = records.request_id
        and further_analyses.additional_analysis = records.additional_analysis
