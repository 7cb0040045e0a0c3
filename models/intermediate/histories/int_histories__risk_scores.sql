-- One row per index event: the OGRS3 one-year score as at the index date.
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

sex_and_age_terms as (
    select * from {{ ref('ogrs_sex_and_age_terms') }}
),

offence_terms as (
    select * from {{ ref('ogrs_offence_terms') }}
),

described as (
    select
        events.event_id,
        events.offence_group,
        people.sex,
        {{ completed_years('people.date_of_birth', 'events.index_date') }} as age_at_index
    from events
    inner join people
        on events.person_id = people.person_id
)

select
    described.event_id,
    {{ ogrs3_one_year(
        'criminal.copas_rate', 'criminal.previous_sanctions_n', 'sex_and_age_terms.term',
        'offence_terms.term'
    ) }} as ogrs3
from described
inner join criminal
    on described.event_id = criminal.event_id
left join sex_and_age_terms
    on
        described.sex = sex_and_age_terms.sex
        and described.age_at_index
        between sex_and_age_terms.age_at_least and sex_and_age_terms.age_at_most
left join offence_terms
    on described.offence_group = offence_terms.offence_group
