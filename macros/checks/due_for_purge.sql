{#
  The requests whose personal data are held for longer than retention_days: counted from their first
  release or, where there is none, from the day that they were sent in. Empty where the setting is 0,
  and in a run that did not read the requests.
#}
{% macro due_for_purge() -%}
    {%- set days = var('retention_days') | int -%}
    {%- set requests = adapter.get_relation('restricted', 'intermediate', 'int_intake__requests') -%}
    {%- set releases = adapter.get_relation('restricted', 'staging', 'stg_lab__releases') -%}
    {%- if days == 0 or requests is none or releases is none -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set held = run_query(
        "select requests.request_id, strftime(coalesce(min(releases.released_on), "
        ~ "any_value(requests.submitted_on)), '%Y-%m-%d') as held_since, "
        ~ "count(releases.request_id) > 0 as is_released "
        ~ "from " ~ requests ~ " as requests left join " ~ releases ~ " as releases "
        ~ "on requests.request_id = releases.request_id group by requests.request_id "
        ~ "having held_since < strftime(current_date - " ~ days ~ ", '%Y-%m-%d') order by all"
    ) -%}
    {%- set lines = [] -%}
    {%- for row in held.rows -%}
        {%- do lines.append(
            row['request_id'] ~ ': ' ~ ('released' if row['is_released'] else 'sent in') ~ ' on '
            ~ row['held_since'] ~ ', and its people are held for more than ' ~ days
            ~ ' days; jdl purge ' ~ row['request_id']
        ) -%}
    {%- endfor -%}
    {{ return(lines) }}
{%- endmacro %}
