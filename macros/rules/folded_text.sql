{# A free text in the form in which two of them compare: no blanks at its ends, lower case. #}
{% macro folded_text(text) -%}
lower({{ trim_blanks(text) }})
{%- endmacro %}
