with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

suggested_analyses as (
    select * from {{ ref('suggested_analysis_kinds') }}
),

records as (
    select
        request_id,
        suggested_analysis,
        count(*) as people_n,
        count(*) filter (where is_expected) as expected_n
    from {{ ref('int_eligibility__suggested_analyses') }}
    group by request_id, suggested_analysis
)

select
    requests.request_id,
    suggested_analyses.suggested_analysis,
    suggested_analyses.suggested_order,
    suggested_analyses.description,
    coalesce(records.people_n, 0) as people_n,
    coalesce(records.expected_n, 0) as expected_n
from requests
cross join suggested_analyses
left join records
    on
        requests.request_id = records.request_id
        and suggested_analyses.suggested_analysis = records.suggested_analysis
