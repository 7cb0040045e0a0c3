{#
  Stop the run when a setting has a wrong type or lies outside its range. A setting is a var of
  dbt_project.yml; values come from there or from --vars.
#}
{% macro check_settings() -%}
    {%- set problems = [] -%}
    {%- for name, low, high in [
        ('minimum_submitted', 1, 100000),
        ('minimum_analysed', 2, 100000),
        ('window_months', 1, 24),
        ('follow_up_months', 1, 60),
        ('waiting_months', 0, 60),
        ('order_start_max_days', 0, 366),
        ('custody_case_max_days', 0, 366),
        ('disclosure_small_count', 0, 100),
    ] -%}
        {%- if var(name) is not integer or not low <= var(name) <= high -%}
            {%- do problems.append(
                name ~ ': must be a whole number from ' ~ low ~ ' to ' ~ high
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name, low, high in [('mostly_initials_share', 0, 1), ('match_width', 0, 10)] -%}
        {%- if var(name) is not number or not low <= var(name) <= high -%}
            {%- do problems.append(name ~ ': must be a number from ' ~ low ~ ' to ' ~ high) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name, choices in [
        ('sex_offence_scope', ['ever', 'ever_before', 'index']),
        ('match_scale', ['logit', 'probability']),
        ('match_width_unit', ['sd', 'raw']),
        ('recall_is_index_event', [true, false]),
        ('disclosure_control', [true, false]),
    ] -%}
        {%- if var(name) not in choices -%}
            {%- do problems.append(name ~ ': must be one of ' ~ choices | join(', ')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(
            'dbt_project.yml or --vars: setting ' ~ problems | join('\n')
        ) -%}
    {%- endif -%}
{%- endmacro %}
