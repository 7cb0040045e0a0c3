{# The columns of a model's contract, from a relation that has them: all that a mart says that only passes on. #}
{% macro pass_on(relation) -%}
select {{ model.columns.keys() | join(', ') or '*' }}
from {{ relation }}
{%- endmacro %}
