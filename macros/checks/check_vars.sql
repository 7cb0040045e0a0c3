{#
  Stop the run when --vars names something that is not a setting: a misspelt name would leave the setting
  as it was, without a word.
#}
{% macro check_vars() -%}
    {%- if execute -%}
        {%- set settings = method_settings() | map(attribute='setting') | list -%}
        {%- set problems = [] -%}
        {%- for name in invocation_args_dict.vars or {} if name not in settings -%}
            {%- set names = settings | join("'), ('") -%}
            {%- set nearest = first_value(
                "select setting from (values ('" ~ names ~ "')) as settings (setting) order by "
                ~ edit_distance(literal(name | string), 'setting') ~ ", setting limit 1"
            ) -%}
            {%- do problems.append(
                '--vars: ' ~ name ~ ': is not a setting; did you mean ' ~ nearest
                ~ '? All stand in dbt_project.yml'
            ) -%}
        {%- endfor -%}
        {%- if problems -%}
            {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
