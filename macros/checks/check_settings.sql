{#
  Stop the run when a setting has a wrong type or lies outside its range. A setting is a var of
  dbt_project.yml; its value comes from there or from --vars.
#}
{% macro check_settings() -%}
    {%- set problems = [] -%}
    {%- for rule in method_settings() -%}
        {%- set problem = setting_problem(rule, var(rule.setting)) -%}
        {%- if problem -%}
            {%- do problems.append(
                'dbt_project.yml or --vars: setting ' ~ rule.setting ~ ': ' ~ problem
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{%- endmacro %}

{# What is wrong with a value, without the value; none where it is in order. #}
{% macro setting_problem(rule, value) -%}
    {%- set range = rule.minimum ~ ' to ' ~ rule.maximum -%}
    {%- if rule.data_type == 'choice' -%}
        {%- if value not in rule.choices -%}
            {{ return('must be one of ' ~ rule.choices | join(', ') | lower) }}
        {%- endif -%}
    {%- elif value is boolean or value is not number
        or (rule.data_type == 'whole number' and value is not integer)
        or not rule.minimum <= value <= rule.maximum -%}
        {{ return('must be a ' ~ rule.data_type ~ ' from ' ~ range) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}
