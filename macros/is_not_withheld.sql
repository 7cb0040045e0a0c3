{#
  SQL for whether no stage of the publishing failed for the request of a row. Of a request that one did
  fail for nothing is published but its status: a table may rest on what another one suppresses.
#}
{% macro is_not_withheld() -%}
request_id not in (select request_id from {{ ref('int_publishing__failures') }})
{%- endmacro %}
