{#
  ln((1 + previous sanctions) / (10 + completed years since the first sanction)): Copas and Marshall
  (1998); Howard et al. (2009).
#}
{% macro copas_rate(previous_sanctions, years_since_the_first) -%}
ln((1 + {{ previous_sanctions }}) / (10 + {{ years_since_the_first }}))
{%- endmacro %}
