{# Failing row: the two row counts where the model has not as many rows as `of`. #}
{% test conserves_rows(model, of) %}
select
    (select count(*) from {{ model }}) as rows_n,
    (select count(*) from {{ of }}) as expected_n
where rows_n <> expected_n
{% endtest %}
