with

figures as (
    select * from {{ ref('int_outcomes__published_figures') }}
),

statements as (
    select * from {{ ref('int_outcomes__statements') }}
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
    statements.statement
from figures
inner join statements
    on
        figures.request_id = statements.request_id
        and figures.analysis_id = statements.analysis_id
        and figures.measure = statements.measure
