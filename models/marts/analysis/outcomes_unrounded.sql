with

estimates_with_calibration_and_statements as (
    select
        estimates.*,
        statements.statement,
        calibrated.calibrated_lower,
        calibrated.calibrated_upper,
        calibrated.calibrated_p_value
    from {{ ref('int_outcomes__conclusions') }} as estimates
    left join {{ ref('int_publishing__statements') }} as statements
        on
            estimates.request_id = statements.request_id
            and estimates.analysis_id = statements.analysis_id
            and estimates.measure = statements.measure
    left join {{ ref('int_publishing__calibrated') }} as calibrated
        on
            estimates.request_id = calibrated.request_id
            and estimates.analysis_id = calibrated.analysis_id
            and estimates.measure = calibrated.measure
)

{{ pass_on('estimates_with_calibration_and_statements') }}
