{# The rules before matching: each is a flag of int_eligibility__flags and a reason of the seed. #}
{% macro rules_before_matching() -%}
    {{ return([
        'request_withdrawn', 'request_not_answerable', 'invalid_record', 'not_on_pnc',
        'ambiguous_match', 'no_sentence_found', 'after_data_period', 'still_in_custody',
        'ambiguous_release', 'other_disposal', 'outside_window', 'sex_offence',
        'reoffended_before_start', 'incomplete_follow_up',
    ]) }}
{%- endmacro %}
