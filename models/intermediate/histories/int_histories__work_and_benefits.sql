-- One row per index event: employment and out-of-work benefits in the month and in the year before
-- the conviction or the reception into custody.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

spells as (
    select
        pnc_id,
        'employment' as spell_type,
        start_date,
        end_date
    from {{ ref('stg_hmrc__employment_spells') }}
    union all
    select
        pnc_id,
        'benefits' as spell_type,
        start_date,
        end_date
    from {{ ref('stg_dwp__benefit_spells') }}
    where is_out_of_work
),

spells_of_people as (
    select
        people.person_id,
        spells.spell_type,
        spells.start_date,
        coalesce(spells.end_date, date '9999-12-31') as end_date
    from spells
    inner join people
        on spells.pnc_id = people.pnc_id
),

in_the_year_before as (
    select
        events.event_id,
        bool_or(spells.spell_type = 'employment') as employed_year_before,
        bool_or(
            spells.spell_type = 'employment'
            and spells.end_date >= {{ add_months('events.reference_date', '-1') }}
        ) as employed_month_before,
        bool_or(spells.spell_type = 'benefits') as out_of_work_benefits_year_before,
        bool_or(
            spells.spell_type = 'benefits'
            and spells.end_date >= {{ add_months('events.reference_date', '-1') }}
        ) as out_of_work_benefits_month_before
    from events
    inner join spells_of_people as spells
        on
            events.person_id = spells.person_id
            and events.reference_date > spells.start_date
            and {{ add_months('events.reference_date', '-12') }} <= spells.end_date
    group by events.event_id
)

select
    events.event_id,
    coalesce(in_the_year_before.employed_month_before, false) as employed_month_before,
    coalesce(in_the_year_before.employed_year_before, false) as employed_year_before,
    coalesce(in_the_year_before.out_of_work_benefits_month_before, false)
        as out_of_work_benefits_month_before,
    coalesce(in_the_year_before.out_of_work_benefits_year_before, false)
        as out_of_work_benefits_year_before
from events
left join in_the_year_before
    on events.event_id = in_the_year_before.event_id
