-- One row per request, analysis and measure: how many people stand behind it in each arm, as
-- persons and not as weights. A measure is a row of the seed; its column is one of
-- int_outcomes__members.
{%- set columns = outcome_columns() %}
with

measures as (
    select * from {{ ref('measures') }}
),

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
            and matches.event_id = members.event_id
),

measured as (
    select
        people.request_id,
        people.analysis_id,
        people.person_id,
        people.is_treated,
        people.is_reoffender,
        people.reoffences_n,
        measures.measure,
        measures.kind,
        measures.population,
        measures.family,
        case measures.outcome_column
            {% for column, data_type in columns.items() -%}
                {% set level = ' = measures.outcome_level' if data_type == 'varchar' else '' -%}
                when '{{ column }}' then cast(people.{{ column }}{{ level }} as double)
            {% endfor -%}
        end as outcome
    from people
    cross join measures
),

valued as (
    select
        request_id,
        analysis_id,
        measure,
        person_id,
        is_treated,
        case when kind = 'binary' then cast(outcome > 0 as double) else outcome end as outcome,
        family = 'frequency' and reoffences_n > outcome as has_others
    from measured
    where
        case
            when population = 're-offenders' then is_reoffender
            else outcome is not null or population = 'all'
        end
),

counted as (
    select
        request_id,
        analysis_id,
        measure,
        count(*) filter (where is_treated) as people_n,
        count(*) filter (where is_treated and outcome > 0) as contributors_n,
        count(*) filter (where is_treated and has_others) as others_n,
        sum(outcome) filter (where is_treated) as total_n,
        max(outcome, 2) filter (where is_treated) as largest,
        count(distinct person_id) filter (where not is_treated) as control_people_n,
        count(distinct person_id) filter (where not is_treated and outcome > 0)
            as control_contributors_n
    from valued
    group by request_id, analysis_id, measure
),

analyses as (
    select distinct
        request_id,
        analysis_id
    from people
)

-- Two people dominate a total when they make 90% of it, or all others less than 10% of the first.
-- A measure without anybody in its population is a row of zeros.
select
    analyses.request_id,
    analyses.analysis_id,
    measures.measure,
    coalesce(counted.people_n, 0) as people_n,
    coalesce(counted.contributors_n, 0) as contributors_n,
    coalesce(counted.others_n, 0) as others_n,
    coalesce(counted.total_n, 0) > 0
    and (
        10 * list_sum(counted.largest) >= 9 * counted.total_n
        or 10 * (counted.total_n - list_sum(counted.largest)) < counted.largest[1]
    ) as is_dominated,
    coalesce(counted.control_people_n, 0) as control_people_n,
    coalesce(counted.control_contributors_n, 0) as control_contributors_n
from analyses
cross join measures
left join counted
    on
        analyses.request_id = counted.request_id
        and analyses.analysis_id = counted.analysis_id
        and measures.measure = counted.measure
