-- One row per index event of anybody, with all that the rules of control pools ask of it: computed
-- once, so that each analysis only compares.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

sex_offences as (
    select * from {{ ref('int_register__sex_offences') }}
)

select
    events.event_id,
    events.person_id,
    events.event_type,
    events.index_date,
    events.index_quarter,
    events.region,
    people.sex,
    {{ age_band(completed_years('people.date_of_birth', 'events.index_date')) }} as age_band,
    events.has_complete_follow_up,
    events.is_in_force_on_index_date,
    {% for scope in sex_offence_scopes() -%}
        {{ is_excluded_as_sex_offence('events', 'sex_offences', "'" ~ scope ~ "'") }}
            as is_excluded_by_scope_{{ scope }},
    {% endfor -%}
    row_number() over (
        partition by events.person_id order by md5(events.event_key), events.event_id
    ) as draw_order
from events
inner join people
    on events.person_id = people.person_id
left join sex_offences
    on events.person_id = sex_offences.person_id
