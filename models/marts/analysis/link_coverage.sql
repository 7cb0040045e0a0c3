with

records as (
    select * from {{ ref('int_linking__records') }}
),

values_of_records as (
    {% for dimension in ['sex', 'ethnicity', 'age_band'] -%}
        select
            request_id,
            '{{ dimension }}' as dimension,
            {{ dimension }} as value,
            is_linked
        from records
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        request_id,
        dimension,
        value,
        count(*) as looked_for_n,
        count(*) filter (where is_linked) as linked_n
    from values_of_records
    group by request_id, dimension, value
),

judged as (
    select
        *,
        {{ published_count('looked_for_n') }} is null
        or {{ published_count('linked_n') }} is null
        or {{ published_count('looked_for_n - linked_n') }} is null as is_small
    from counted
)

select
    request_id,
    dimension,
    value,
    {{ published_count('looked_for_n') }} as looked_for_n,
    case when not is_small then linked_n end as linked_n,
    case when not is_small then 100.0 * linked_n / looked_for_n end as match_rate
from judged
