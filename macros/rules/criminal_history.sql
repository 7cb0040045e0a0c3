{#
  The common table expressions of what was proven of a person before a day, one row per event in
  `criminal`. The expression `events` before them has event_id, person_id, known_before (what was
  proven on this day or later does not count) and as_at (the day that years are counted to).
#}
{% macro criminal_history() -%}
people as (
    select * from {{ ref('int_register__people') }}
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

counted_offences as (
    select * from {{ ref('int_register__proven_offences') }}
    where is_counted
),

previous_cases as (
    select
        events.event_id,
        count(*) as sanctions_n,
        min(cases.case_date) as first_sanction_date,
        count_if(cases.is_court) as court_appearances_n,
        count_if(cases.is_custodial) as custodial_sentences_n,
        count_if(cases.disposal_type in ('community_order', 'suspended_sentence_order'))
            as community_sentences_n
    from events
    inner join cases
        on
            events.person_id = cases.person_id
            and events.known_before > cases.case_date
    group by events.event_id
),

previous_offences as (
    select
        events.event_id,
        count_if(counted_offences.court_type = 'indictable') as indictable_n,
        count_if(counted_offences.court_type = 'either_way') as either_way_n,
        count_if(counted_offences.court_type = 'summary') as summary_n
    from events
    inner join counted_offences
        on
            events.person_id = counted_offences.person_id
            and events.known_before > counted_offences.proven_date
    group by events.event_id
),

dated as (
    select
        events.event_id,
        events.as_at,
        people.date_of_birth,
        coalesce(previous_cases.sanctions_n, 0) as previous_sanctions_n,
        coalesce(previous_cases.first_sanction_date, events.known_before) as first_sanction_date,
        coalesce(previous_cases.court_appearances_n, 0) as previous_court_appearances_n,
        coalesce(previous_cases.custodial_sentences_n, 0) as previous_custodial_sentences_n,
        coalesce(previous_cases.community_sentences_n, 0) as previous_community_sentences_n,
        coalesce(previous_offences.indictable_n, 0) as previous_indictable_n,
        coalesce(previous_offences.either_way_n, 0) as previous_either_way_n,
        coalesce(previous_offences.summary_n, 0) as previous_summary_n
    from events
    inner join people
        on events.person_id = people.person_id
    left join previous_cases
        on events.event_id = previous_cases.event_id
    left join previous_offences
        on events.event_id = previous_offences.event_id
),

criminal as (
    select
        event_id,
        previous_sanctions_n,
        previous_court_appearances_n,
        previous_custodial_sentences_n,
        previous_community_sentences_n,
        previous_indictable_n,
        previous_either_way_n,
        previous_summary_n,
        {{ copas_rate(
            'previous_sanctions_n', completed_years('first_sanction_date', 'as_at')
        ) }} as copas_rate,
        {{ days_between('first_sanction_date', 'as_at') }} / 365.25e0 as career_length_years,
        {{ completed_years('date_of_birth', 'first_sanction_date') }} as age_at_first_sanction
    from dated
)
{%- endmacro %}

{# The covariates of the criminal history: name, and how each comes from `criminal`. #}
{% macro criminal_covariates() -%}
    {%- set covariates = {
        'copas_rate': 'criminal.copas_rate',
        'career_length_years': 'criminal.career_length_years',
        'age_at_first_sanction': 'cast(criminal.age_at_first_sanction as double)',
    } -%}
    {%- for count in (
        'indictable', 'either_way', 'summary', 'court_appearances', 'custodial_sentences',
        'community_sentences'
    ) -%}
        {%- do covariates.update(
            {'previous_' ~ count ~ '_log': 'ln(1 + criminal.previous_' ~ count ~ '_n)'}
        ) -%}
    {%- endfor -%}
    {{ return(covariates) }}
{%- endmacro %}
