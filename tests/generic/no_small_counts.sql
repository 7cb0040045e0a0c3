{# Failing rows: a published count of 1 to the small count, where disclosure control is on. #}
{% test no_small_counts(model, column_name) %}
select {{ column_name }}
from {{ model }}
where
    {{ 'true' if var('disclosure_control') else 'false' }}
    and {{ column_name }} between 1 and {{ var('disclosure_small_count') }}
{% endtest %}
