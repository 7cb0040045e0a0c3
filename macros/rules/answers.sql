{# Whether a reference is a note rather than a code: over 40 letters, or more than four words. #}
{% macro is_free_text(column) -%}
coalesce(length(trim({{ column }})) > 40 or {{ has_match('trim(' ~ column ~ ')', '(\\s+\\S+){4}') }}, false)
{%- endmacro %}
{# The answer to a question in the words of the contract; null where it is none of them. #}
{% macro known_answer(column, words) -%}
{%- set word = replace_all('lower(trim(' ~ column ~ '))', '[ _‐-–-]+', '_') -%}
case when {{ word }} in ('{{ words | join("', '") }}') then {{ word }} end
{%- endmacro %}
