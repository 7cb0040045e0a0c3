{#
  Whether the sex-offence rule excludes an index event, by the var sex_offence_scope: `ever` (a
  proven sex offence anywhere in the extract), `ever_before` (proven on or before the index date) or
  `index` (the index offence).
#}
{% macro is_excluded_as_sex_offence(events, sex_offences) -%}
{%- set scope = var('sex_offence_scope') -%}
{%- if scope == 'index' -%}
{{ events }}.is_sexual_index_offence
{%- elif scope == 'ever_before' -%}
coalesce({{ sex_offences }}.first_proven_date <= {{ events }}.index_date, false)
{%- else -%}
{{ sex_offences }}.person_id is not null
{%- endif -%}
{%- endmacro %}
