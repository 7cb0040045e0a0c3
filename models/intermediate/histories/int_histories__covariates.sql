-- One row per index event: every covariate of the seed, as at the index event.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

criminal as (
    select * from {{ ref('int_histories__criminal') }}
),

work_and_benefits as (
    select * from {{ ref('int_histories__work_and_benefits') }}
),

needs as (
    select * from {{ ref('int_histories__needs') }}
),

risk_scores as (
    select * from {{ ref('int_histories__risk_scores') }}
),

described as (
    select
        events.event_id,
        events.region,
        people.sex,
        people.ethnicity,
        people.nationality,
        {{ completed_years('people.date_of_birth', 'events.index_date') }} as age_at_index,
        events.offence_group as index_offence_group,
        events.sentence_type,
        {{ sentence_length_band('events.sentence_days') }} as sentence_length_band,
        events.index_quarter - (2000 * 4 + 1) as index_quarter
    from events
    inner join people
        on events.person_id = people.person_id
)

select
    described.event_id,
    described.region,
    described.sex,
    described.ethnicity,
    described.nationality,
    cast(described.age_at_index as double) as age_at_index,
    cast(described.age_at_index * described.age_at_index as double) as age_at_index_squared,
    described.index_offence_group,
    described.sentence_type,
    described.sentence_length_band,
    cast(described.index_quarter as double) as index_quarter,
    cast(described.index_quarter * described.index_quarter as double) as index_quarter_squared,
    {% for name, expression in criminal_covariates().items() -%}
        {{ expression }} as {{ name }},
    {% endfor -%}
    work_and_benefits.employed_month_before,
    work_and_benefits.employed_year_before,
    work_and_benefits.out_of_work_benefits_month_before,
    work_and_benefits.out_of_work_benefits_year_before,
    {% for need in oasys_needs() -%}
        needs.oasys_{{ need }},
    {% endfor -%}
    risk_scores.ogrs3
from described
inner join criminal
    on described.event_id = criminal.event_id
inner join work_and_benefits
    on described.event_id = work_and_benefits.event_id
inner join needs
    on described.event_id = needs.event_id
inner join risk_scores
    on described.event_id = risk_scores.event_id
