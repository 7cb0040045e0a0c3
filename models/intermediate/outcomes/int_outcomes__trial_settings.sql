-- One row per analysed request: answers and settings from which its target trial card is written.
with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    where is_analysed
),

answers as (
    select * from {{ ref('int_intake__requests') }}
),

request_settings as (
    select * from {{ ref('int_eligibility__request_settings') }}
),

plans as (
    select
        request_id,
        count(*) as plan_settings_n
    from {{ ref('int_eligibility__plan_settings') }}
    group by request_id
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
)

select
    requests.request_id,
    answers.delivered_in,
    case
        when answers.delivered_in = 'custody' then 'prison_release'
        else coalesce(answers.index_event, 'either')
    end as index_event,
    answers.governance_approved,
    answers.conditions_accepted,
    request_settings.window_months,
    cast({{ var('follow_up_months') }} as int) as follow_up_months,
    cast({{ var('waiting_months') }} as int) as waiting_months,
    {{ var('is_tilted') }} as is_tilted,
    case when {{ var('disclosure_control') }} then {{ var('disclosure_rounding') }} end
        as count_rounding,
    coalesce(plans.plan_settings_n, 0) as plan_settings_n,
    extract.data_as_of,
    extract.reoffending_data_to
from requests
cross join extract
inner join answers
    on requests.request_id = answers.request_id
inner join request_settings
    on requests.request_id = request_settings.request_id
left join plans
    on requests.request_id = plans.request_id
