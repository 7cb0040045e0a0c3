-- One row per index event: employment and out-of-work benefits in the month and in the year before
-- the conviction or the reception into custody; unknown where the extract has no rows at all.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

employment_spells as (
    select * from {{ ref('stg_hmrc__employment_spells') }}
),

benefit_spells as (
    select * from {{ ref('stg_dwp__benefit_spells') }}
),

recorded as (
    select
        (select count(*) from employment_spells) > 0 as is_employment_recorded,
        (select count(*) from benefit_spells) > 0 as are_benefits_recorded
),

spells as (
    select
        pnc_id,
        'employment' as spell_type,
        start_date,
        end_date
    from employment_spells
    union all
    select
        pnc_id,
        'benefits' as spell_type,
        start_date,
        end_date
    from benefit_spells
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
    case
        when recorded.is_employment_recorded
            then coalesce(in_the_year_before.employed_month_before, false)
    end as employed_month_before,
    case
        when recorded.is_employment_recorded
            then coalesce(in_the_year_before.employed_year_before, false)
    end as employed_year_before,
    case
        when recorded.are_benefits_recorded
            then coalesce(in_the_year_before.out_of_work_benefits_month_before, false)
    end as out_of_work_benefits_month_before,
    case
        when recorded.are_benefits_recorded
            then coalesce(in_the_year_before.out_of_work_benefits_year_before, false)
    end as out_of_work_benefits_year_before
from events
cross join recorded
left join in_the_year_before
    on events.event_id = in_the_year_before.event_id
