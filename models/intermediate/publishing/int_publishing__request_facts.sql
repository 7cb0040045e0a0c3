-- One row per request: what readers are told of it, exact.
with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

answers as (
    select * from {{ ref('int_intake__requests') }}
),

headlines as (
    select * from {{ ref('int_matching__diagnostics') }}
    where analysis_id = 'headline'
),

years as (
    select
        request_id,
        year(service_date) as start_year
    from {{ ref('int_outcomes__records') }}
    where outcome = 'analysed'
    group by all
    having {{ published_count('count(*)') }} > 0
),

periods as (
    select
        request_id,
        min(start_year) as started_from_year,
        max(start_year) as started_to_year
    from years
    group by request_id
),

releases as (
    select
        request_id,
        max(released_on) as released_on,
        max_by(version, (released_on, version)) as release_version
    from {{ ref('stg_lab__releases') }}
    group by request_id
)

select
    requests.request_id,
    requests.organisation,
    requests.service_name,
    requests.sector,
    requests.need,
    requests.status,
    requests.status_reason,
    requests.review_due_on,
    requests.is_analysed,
    requests.submitted_n,
    requests.analysed_n,
    answers.description,
    answers.delivered_in,
    case when requests.is_analysed then headlines.balance_verdict end as balance_verdict,
    answers.submitted_on,
    cast(periods.started_from_year as int) as started_from_year,
    cast(periods.started_to_year as int) as started_to_year,
    case when requests.status = 'published' then releases.release_version end as release_version,
    case when requests.status = 'published' then releases.released_on end as released_on
from requests
inner join answers
    on requests.request_id = answers.request_id
left join headlines
    on requests.request_id = headlines.request_id
left join periods
    on requests.request_id = periods.request_id
left join releases
    on requests.request_id = releases.request_id
