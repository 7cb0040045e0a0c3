-- One row per request, analysis and measure: what has passed disclosure control, with its statement.
with

figures as (
    select * from {{ ref('int_publishing__outcomes') }}
),

statements as (
    select * from {{ ref('int_publishing__statements') }}
)

select
    figures.request_id,
    figures.analysis_id,
    figures.measure,
    figures.treated_n,
    figures.treated_value,
    figures.treated_lower,
    figures.treated_upper,
    figures.treated_reoffenders_n,
    figures.control_n,
    figures.control_effective_n,
    figures.control_value,
    figures.control_lower,
    figures.control_upper,
    figures.difference,
    figures.difference_lower,
    figures.difference_upper,
    figures.p_value,
    figures.number_needed,
    figures.conclusion,
    statements.statement,
    figures.method,
    figures.tests_n,
    figures.p_value_holm,
    figures.dr_difference,
    figures.dr_lower,
    figures.dr_upper,
    figures.dr_p_value,
    figures.e_value,
    figures.e_value_bound,
    figures.is_reliable,
    figures.code
from figures
inner join statements
    on
        figures.request_id = statements.request_id
        and figures.analysis_id = statements.analysis_id
        and figures.measure = statements.measure
