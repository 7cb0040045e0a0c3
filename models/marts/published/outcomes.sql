-- One row per request, analysis and measure that passed disclosure control, with its statement.
with

figures_with_statements as (
    select
        figures.*,
        statements.statement
    from {{ ref('int_publishing__outcomes') }} as figures
    inner join {{ ref('int_publishing__statements') }} as statements
        on
            figures.request_id = statements.request_id
            and figures.analysis_id = statements.analysis_id
            and figures.measure = statements.measure
)

{{ pass_on('figures_with_statements') }}
where {{ is_not_withheld() }}
