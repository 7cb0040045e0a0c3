-- One row per index event of anybody: whether in employment a year after it.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

spells as (
    select * from {{ ref('stg_hmrc__employment_spells') }}
),

recorded as (
    select count(*) > 0 as is_employment_recorded from spells
),

employment_of_people as (
    select
        people.person_id,
        spells.start_date,
        coalesce(spells.end_date, date '9999-12-31') as end_date
    from spells
    inner join people
        on spells.pnc_id = people.pnc_id
),

a_year_after as (
    select
        event_id,
        person_id,
        {{ add_months('index_date', '12') }} as day_after
    from events
),

in_employment as (
    select distinct a_year_after.event_id
    from a_year_after
    inner join employment_of_people
        on
            a_year_after.person_id = employment_of_people.person_id
            and a_year_after.day_after
            between employment_of_people.start_date and employment_of_people.end_date
)

select
    a_year_after.event_id,
    case
        when recorded.is_employment_recorded and a_year_after.day_after <= extract.data_as_of
            then in_employment.event_id is not null
    end as in_employment_1y
from a_year_after
cross join extract
cross join recorded
left join in_employment
    on a_year_after.event_id = in_employment.event_id
