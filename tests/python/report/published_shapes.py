"""The tables of published.duckdb, as `create table` would say them: names, types, order."""

SHAPES = {
    "requests": """
        request_id varchar, organisation varchar, service_name varchar, sector varchar,
        need varchar, status varchar, status_reason varchar, review_due_on date,
        submitted_n bigint, analysed_n bigint, description varchar, delivered_in varchar,
        balance_verdict varchar, code varchar""",
    "analyses": """
        request_id varchar, analysis_id varchar, kind varchar, label varchar,
        subgroup_field varchar, subgroup_value varchar, pool varchar, control_condition varchar,
        sex_offence_scope varchar, match_scale varchar, match_width double,
        match_width_unit varchar, exact_on varchar, left_out varchar, reason varchar,
        eligible_n bigint, matched_n bigint, off_support_n bigint, pool_n bigint,
        matched_control_n bigint, control_effective_n bigint, controls_used_percent double,
        largest_weight_percent double, largest_smd_before double, largest_smd_after double,
        green_n bigint, amber_n bigint, red_n bigint, overlap double, balance_verdict varchar,
        fit_method varchar, code varchar""",
    "attrition": """
        request_id varchar, step_number integer, step varchar, stage varchar, reason varchar,
        description varchar, removed_n bigint, remaining_n bigint, percent_of_submitted double,
        is_merged boolean, code varchar""",
    "attrition_details": """
        request_id varchar, detail varchar, description varchar, n bigint, code varchar""",
    "additional_analyses": """
        request_id varchar, additional_analysis varchar, description varchar,
        expected_n bigint, code varchar""",
    "resubmissions": """
        request_id varchar, release_quarter varchar, basis varchar, n bigint,
        earliest_analysis_on date, code varchar""",
    "pool_attrition": """
        request_id varchar, analysis_id varchar, step_number integer, step varchar,
        description varchar, removed_n bigint, remaining_n bigint, is_merged boolean,
        code varchar""",
    "outcomes": """
        request_id varchar, analysis_id varchar, measure varchar, treated_n bigint,
        treated_value double, treated_lower double, treated_upper double,
        treated_reoffenders_n bigint, control_n bigint, control_effective_n double,
        control_value double, control_lower double, control_upper double, difference double,
        difference_lower double, difference_upper double, p_value double,
        number_needed bigint, conclusion varchar, statement varchar, method varchar,
        tests_n bigint, p_value_holm double, dr_difference double, dr_lower double,
        dr_upper double, dr_p_value double, e_value double, e_value_bound double,
        is_reliable boolean, code varchar""",
    "measures": """
        measure varchar, measure_order integer, name varchar, name_in_text varchar, unit varchar,
        population varchar, description varchar, decimals integer""",
    "covariate_balance": """
        request_id varchar, analysis_id varchar, covariate varchar, family varchar,
        treated_mean double, control_mean_before double, control_mean_after double,
        smd_before double, smd_after double, variance_ratio_after double, rating varchar,
        code varchar""",
    "power": """
        request_id varchar, reduction_points bigint, minimum_treated_n bigint, code varchar""",
    "detectable": """
        request_id varchar, power_percent bigint, smallest_detectable_points double,
        code varchar""",
    "sensitivity": """
        request_id varchar, scenario varchar, measure varchar, scenario_order bigint,
        family varchar, description varchar, control_condition varchar, match_scale varchar,
        match_width double, match_width_unit varchar, estimator varchar, difference double,
        lower double, upper double, p_value double, treated_n bigint, control_n bigint,
        control_effective_n double, largest_smd_after double, code varchar""",
    "survival": """
        request_id varchar, analysis_id varchar, arm varchar, month integer,
        at_risk_n bigint, survival_percent double, lower double, upper double, code varchar""",
    "subgroup_interactions": """
        request_id varchar, subgroup_field varchar, measure varchar, groups_n bigint,
        q double, degrees_of_freedom bigint, p_value double, code varchar""",
    "meta_analysis": """
        dimension varchar, value varchar, measure varchar, requests_n bigint,
        difference double, lower double, upper double, p_value double, i2 double,
        tau2 double, q_p_value double, prediction_lower double, prediction_upper double,
        code varchar""",
    "findings_summary": """
        dimension varchar, value varchar, measure varchar, requests bigint,
        decreases bigint, increases bigint, inconclusive bigint, withheld bigint""",
    "statements": """
        request_id varchar, statement_order integer, topic varchar, measure varchar,
        text varchar""",
    "method_settings": """
        setting_order integer, setting varchar, value varchar, data_type varchar,
        minimum double, maximum double, floor double, choices varchar, meaning varchar,
        source varchar""",
    "feedback_survey": "sent_n bigint, answered_n bigint, response_rate double",
    "codes": "code varchar, meaning varchar",
    "quality_log": """
        check_id varchar, kind varchar, description varchar, status varchar""",
}
