{#
  Whether the sex-offence rule excludes an index event, by a scope: `ever` (a proven sex offence
  anywhere in the extract), `ever_before` (proven on or before the index date) or `index` (the index
  offence).
#}
{% macro is_excluded_as_sex_offence(events, sex_offences, scope) -%}
coalesce(
    case {{ scope }}
        when 'index' then {{ events }}.is_sexual_index_offence
        when 'ever_before' then {{ sex_offences }}.first_proven_date <= {{ events }}.index_date
        else {{ sex_offences }}.person_id is not null
    end,
    false
)
{%- endmacro %}

{# The scopes of the sex-offence rule. #}
{% macro sex_offence_scopes() -%}
    {{ return(['ever', 'ever_before', 'index']) }}
{%- endmacro %}

{# One row per scope. #}
{% macro rows_of_scopes() -%}
select all_scopes.sex_offence_scope
from (
    values
    {% for scope in sex_offence_scopes() -%}
        ('{{ scope }}'){{ ',' if not loop.last }}
    {% endfor -%}
) as all_scopes (sex_offence_scope)
{%- endmacro %}
