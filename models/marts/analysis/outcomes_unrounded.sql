with

estimates_with_statements as (
    select
        estimates.*,
        statements.statement
    from {{ ref('int_outcomes__estimates') }} as estimates
    left join {{ ref('int_publishing__statements') }} as statements
        on
            estimates.request_id = statements.request_id
            and estimates.analysis_id = statements.analysis_id
            and estimates.measure = statements.measure
)

{{ pass_on('estimates_with_statements') }}
