-- One row per request, analysis and measure: how many people stand behind it in each arm, as persons
-- and not as weights.
{%- set court_types = ['indictable', 'either_way', 'summary'] %}
{%- set measures = {
    'rate': ['true', 'is_reoffender::int'],
    'frequency': ['true', 'reoffences_n'],
    'days_to_first': ['is_reoffender', 'days_to_first'],
    'first_custody': ['is_reoffender', 'is_first_custody::int'],
    'custody_frequency': ['is_reoffender', 'custodial_sentences_n'],
    'in_employment_1y': ['in_employment_1y is not null', 'in_employment_1y::int'],
} %}
{%- for court_type in court_types %}
    {%- do measures.update({
        'first_' ~ court_type: ['is_reoffender', "(first_court_type = '" ~ court_type ~ "')::int"],
        'frequency_' ~ court_type: ['is_reoffender', 'reoffences_' ~ court_type ~ '_n'],
    }) %}
{%- endfor %}
with

matches as (
    select * from {{ ref('int_matching__matches') }}
    where is_matched
),

members as (
    select * from {{ ref('int_outcomes__members') }}
),

people as (
    select members.*
    from matches
    inner join members
        on
            matches.request_id = members.request_id
            and matches.analysis_id = members.analysis_id
            and matches.person_id = members.person_id
            and matches.event_id = members.event_id
),

counted as (
    {%- for measure, (population, value) in measures.items() %}
        {%- set is_of_a_court_type = measure.startswith('frequency_') %}
        {%- set others = 'reoffences_n > ' ~ value if is_of_a_court_type else 'false' %}
        select
            request_id,
            analysis_id,
            '{{ measure }}' as measure,
            count(*) filter (where is_treated and {{ population }}) as people_n,
            count(*) filter (where is_treated and {{ population }} and {{ value }} > 0)
                as contributors_n,
            count(*) filter (where is_treated and {{ population }} and {{ others }}) as others_n,
            sum({{ value }}) filter (where is_treated and {{ population }}) as total_n,
            max({{ value }}, 2) filter (where is_treated and {{ population }}) as largest,
            count(*) filter (where not is_treated and {{ population }}) as control_people_n,
            count(*) filter (where not is_treated and {{ population }} and {{ value }} > 0)
                as control_contributors_n
        from people
        group by request_id, analysis_id
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

-- Two people dominate a total when they make 90% of it, or all others less than 10% of the first.
select
    request_id,
    analysis_id,
    measure,
    people_n,
    contributors_n,
    others_n,
    coalesce(total_n, 0) > 0
    and (
        10 * list_sum(largest) >= 9 * total_n
        or 10 * (total_n - list_sum(largest)) < largest[1]
    ) as is_dominated,
    control_people_n,
    control_contributors_n
from counted
