with

balance as (
    select * from {{ ref('int_matching__balance') }}
),

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    where is_analysed
),

estimates as (
    select * from {{ ref('int_outcomes__estimates') }}
    where measure = 'rate'
),

covariates as (
    select * from {{ ref('covariates') }}
),

shares as (
    select
        balance.*,
        estimates.treated_n,
        covariates.kind <> 'continuous' or balance.covariate <> covariates.covariate as is_share
    from balance
    inner join covariates
        on split_part(balance.covariate, ':', 1) = covariates.covariate
    inner join requests
        on balance.request_id = requests.request_id
    inner join estimates
        on
            balance.request_id = estimates.request_id
            and balance.analysis_id = estimates.analysis_id
),

judged as (
    select
        *,
        is_share
        and (
            round(treated_mean * treated_n) between 1 and {{ var('disclosure_small_count') }}
            or round((1 - treated_mean) * treated_n)
            between 1 and {{ var('disclosure_small_count') }}
        ) as is_small_cell
    from shares
)

select
    request_id,
    analysis_id,
    covariate,
    {% for figure in [
        'treated_mean', 'control_mean_before', 'control_mean_after', 'smd_before', 'smd_after'
    ] -%}
        {% if var('disclosure_control') -%}
            case when not is_small_cell then round_even({{ figure }}, 2) + 0.0 end as {{ figure }},
        {% else -%}
    round_even({{ figure }}, 2) + 0.0 as {{ figure }},
    {% endif -%}
    {% endfor -%}
    rating
from judged
