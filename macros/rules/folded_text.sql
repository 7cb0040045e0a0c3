{# A free text in the form in which two of them compare: plain letters in lower case, trimmed. #}
{% macro folded_text(text) -%}
lower({{ plain_capitals(trim_blanks(text)) }})
{%- endmacro %}
