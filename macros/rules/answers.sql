{# The answer to a question in the words of the contract; null where it is none of them. #}
{% macro known_answer(column, words) -%}
{%- set word = "regexp_replace(lower(trim(" ~ column ~ ")), '[ _‐-–-]+', '_', 'g')" -%}
case when {{ word }} in ('{{ words | join("', '") }}') then {{ word }} end
{%- endmacro %}
