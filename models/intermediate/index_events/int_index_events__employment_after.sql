-- One row an index event of anybody: whether in employment a year after it.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_linking__people') }}
),

employment_spells as (
    select * from {{ ref('stg_hmrc__employment_spells') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
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
    inner join people
        on a_year_after.person_id = people.person_id
    inner join employment_spells
        on
            people.pnc_id = employment_spells.pnc_id
            and a_year_after.day_after >= employment_spells.start_date
            and a_year_after.day_after <= coalesce(employment_spells.end_date, date '9999-12-31')
)

select
    a_year_after.event_id,
    case
        when a_year_after.day_after <= extract.data_as_of then in_employment.event_id is not null
    end as in_employment_1y
from a_year_after
cross join extract
left join in_employment
    on a_year_after.event_id = in_employment.event_id
