{%- set months = var('follow_up_months') + var('waiting_months') %}
with

records as (
    select * from {{ ref('int_outcomes__records') }}
    where outcome = 'still_in_custody'
),

custody_events as (
    select * from {{ ref('int_eligibility__custody_events') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

{# A date that has passed without a release says nothing of when the release will be. #}
release_dates as (
    select
        records.request_id,
        custody_events.release_date is not null
        and custody_events.release_date <= extract.data_as_of as is_released,
        coalesce(
            custody_events.release_date,
            case
                when custody_events.expected_release_date > extract.data_as_of
                    then custody_events.expected_release_date
            end
        ) as release_date
    from records
    cross join extract
    inner join custody_events
        on
            records.request_id = custody_events.request_id
            and records.record_number = custody_events.record_number
),

quarters as (
    select
        request_id,
        case
            when is_released then 'released'
            when release_date is not null then 'expected'
            else 'unknown'
        end as basis,
        year(release_date) || '-Q' || quarter(release_date) as release_quarter,
        last_day({{ add_months(
            'release_date', '(2 - (month(release_date) - 1) % 3)::int'
        ) }}) as last_day_of_quarter
    from release_dates
)

select
    request_id,
    release_quarter,
    basis,
    count(*) as n,
    {{ add_months('max(last_day_of_quarter)', months) }} as earliest_analysis_on
from quarters
group by request_id, release_quarter, basis
