-- One row per request, analysis and measure that passed disclosure control, with its statement.
with

figures_with_calibration_and_statements as (
    select
        figures.*,
        statements.statement,
        calibrated.published_calibrated_lower as calibrated_lower,
        calibrated.published_calibrated_upper as calibrated_upper,
        calibrated.published_calibrated_p_value as calibrated_p_value
    from {{ ref('int_publishing__outcomes') }} as figures
    inner join {{ ref('int_publishing__statements') }} as statements
        on
            figures.request_id = statements.request_id
            and figures.analysis_id = statements.analysis_id
            and figures.measure = statements.measure
    left join {{ ref('int_publishing__calibrated') }} as calibrated
        on
            figures.request_id = calibrated.request_id
            and figures.analysis_id = calibrated.analysis_id
            and figures.measure = calibrated.measure
)

{{ pass_on('figures_with_calibration_and_statements') }}
where {{ is_not_withheld() }}
