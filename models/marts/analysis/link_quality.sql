with

records as (
    select * from {{ ref('int_linking__records') }}
)

select
    request_id,
    count(*) as looked_for_n,
    {% for link_pass in [
        'clerical', 'pncid', 'prison_number', 'name_and_date_of_birth', 'probabilistic'
    ] -%}
        count(*) filter (where link_pass = '{{ link_pass }}') as {{ link_pass }}_n,
    {% endfor -%}
    count(*) filter (where is_ambiguous) as ambiguous_n,
    count(*) filter (where is_in_review) as in_review_n,
    count(*) filter (where not is_linked and not is_ambiguous and not is_in_review) as not_found_n,
    100.0 * count(*) filter (where is_linked) / count(*) as match_rate,
    100.0 * count(*) filter (where is_in_review) / count(*) as review_rate,
    coalesce(
        cast(
            sum(cast(1 - match_probability as decimal(18, 9))) filter (where is_linked) as double
        ), 0
    ) as expected_false_links
from records
group by request_id
