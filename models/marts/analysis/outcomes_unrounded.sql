with

estimates as (
    select * from {{ ref('int_outcomes__estimates') }}
),

statements as (
    select * from {{ ref('int_publishing__statements') }}
)

select
    estimates.request_id,
    estimates.analysis_id,
    estimates.measure,
    estimates.treated_n,
    estimates.treated_value,
    estimates.treated_lower,
    estimates.treated_upper,
    estimates.treated_reoffenders_n,
    estimates.control_n,
    estimates.control_effective_n,
    estimates.control_reoffenders_n,
    estimates.control_value,
    estimates.control_lower,
    estimates.control_upper,
    estimates.difference,
    estimates.difference_lower,
    estimates.difference_upper,
    estimates.std_error,
    estimates.p_value,
    estimates.number_needed,
    estimates.conclusion,
    statements.statement,
    estimates.method,
    estimates.expected_count_min,
    estimates.dr_difference,
    estimates.dr_lower,
    estimates.dr_upper,
    estimates.dr_p_value,
    estimates.dr_ridge,
    estimates.tests_n,
    estimates.p_value_holm,
    estimates.e_value,
    estimates.e_value_bound
from estimates
left join statements
    on
        estimates.request_id = statements.request_id
        and estimates.analysis_id = statements.analysis_id
        and estimates.measure = statements.measure
