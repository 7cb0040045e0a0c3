{# All columns of the tables that are selected from, but for some. #}
{% macro all_but(columns) -%}
    {{ return(adapter.dispatch('all_but', 'justice_data_lab')(columns)) }}
{%- endmacro %}

{% macro duckdb__all_but(columns) -%}
* exclude ({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__all_but(columns) -%}
* except ({{ columns | join(', ') }})
{%- endmacro %}

{#
  All columns of a relation, some of them in another form: their names with the expressions that take
  their places. On Spark these come last.
#}
{% macro replaced(relation, expressions) -%}
    {{ return(adapter.dispatch('replaced', 'justice_data_lab')(relation, expressions)) }}
{%- endmacro %}

{% macro duckdb__replaced(relation, expressions) -%}
{{ relation }}.* replace (
    {% for name, expression in expressions.items() -%}
        {{ expression }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor -%}
)
{%- endmacro %}

{% macro spark__replaced(relation, expressions) -%}
{{ relation }}.* except ({{ expressions | join(', ') }})
{%- for name, expression in expressions.items() -%}
    , {{ expression }} as {{ name }}
{%- endfor -%}
{%- endmacro %}

{# A list of expressions. #}
{% macro list_of(values) -%}
    {{ return(adapter.dispatch('list_of', 'justice_data_lab')(values)) }}
{%- endmacro %}

{% macro duckdb__list_of(values) -%}
[{{ values | join(', ') }}]
{%- endmacro %}

{% macro spark__list_of(values) -%}
array({{ values | join(', ') }})
{%- endmacro %}

{# One row for each element of a list: an expression of a select. #}
{% macro rows_of(list) -%}
    {{ return(adapter.dispatch('rows_of', 'justice_data_lab')(list)) }}
{%- endmacro %}

{% macro duckdb__rows_of(list) -%}
unnest({{ list }})
{%- endmacro %}

{% macro spark__rows_of(list) -%}
explode({{ list }})
{%- endmacro %}

{# The whole numbers from the first to the last, both included; none where the last is smaller. #}
{% macro numbers(first, last) -%}
    {{ return(adapter.dispatch('numbers', 'justice_data_lab')(first, last)) }}
{%- endmacro %}

{% macro duckdb__numbers(first, last) -%}
range({{ first }}, {{ last }} + 1)
{%- endmacro %}

{#- sequence would count down -#}
{% macro spark__numbers(first, last) -%}
case when {{ first }} <= {{ last }} then sequence({{ first }}, {{ last }}) else array() end
{%- endmacro %}

{#
  The distinct texts of a group in their order, with a separator between them; null where there is
  none. condition: of rows that count.
#}
{% macro joined_texts(text, separator, condition='true') -%}
    {{ return(
        adapter.dispatch('joined_texts', 'justice_data_lab')(text, separator, condition)
    ) }}
{%- endmacro %}

{% macro duckdb__joined_texts(text, separator, condition) -%}
string_agg(distinct {{ text }}, '{{ separator }}' order by {{ text }}) filter (where {{ condition }})
{%- endmacro %}

{#- string_agg with an order and a condition ends in a ClassCastException -#}
{% macro spark__joined_texts(text, separator, condition) -%}
nullif(array_join(
    array_sort(array_agg(distinct case when {{ condition }} then {{ text }} end)), '{{ separator }}'
), '')
{%- endmacro %}

{# The value of a column, null or not, in the row of a group that comes last by a key. #}
{% macro value_of_last(value, key) -%}
    {{ return(adapter.dispatch('value_of_last', 'justice_data_lab')(value, key)) }}
{%- endmacro %}

{% macro duckdb__value_of_last(value, key) -%}
arg_max_null({{ value }}, {{ key }})
{%- endmacro %}

{% macro spark__value_of_last(value, key) -%}
max_by({{ value }}, {{ key }})
{%- endmacro %}

{# The texts of a group by a key that no two of them share, with a separator between them. #}
{% macro texts_in_order(text, separator, key) -%}
    {{ return(
        adapter.dispatch('texts_in_order', 'justice_data_lab')(text, separator, key)
    ) }}
{%- endmacro %}

{% macro duckdb__texts_in_order(text, separator, key) -%}
string_agg({{ text }}, '{{ separator }}' order by {{ key }})
{%- endmacro %}

{% macro spark__texts_in_order(text, separator, key) -%}
listagg({{ text }}, '{{ separator }}') within group (order by {{ key }})
{%- endmacro %}

{# The texts of a list with a separator between them. #}
{% macro joined_list(list, separator) -%}
    {{ return(adapter.dispatch('joined_list', 'justice_data_lab')(list, separator)) }}
{%- endmacro %}

{% macro duckdb__joined_list(list, separator) -%}
array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__joined_list(list, separator) -%}
array_join({{ list }}, '{{ separator }}')
{%- endmacro %}
