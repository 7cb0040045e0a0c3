with

prisoners as (
    select * from {{ ref('int_linking__prison_numbers') }}
),

order_cases as (
    select * from {{ ref('int_index_events__order_cases') }}
),

custody_episodes as (
    select * from {{ ref('int_index_events__custody_episodes') }}
),

offences as (
    select * from {{ ref('stg_pnc__offences') }}
),

persons as (
    select * from {{ ref('stg_pnc__persons') }}
),

spells as (
    select * from {{ ref('stg_prison__spells') }}
),

police_force_regions as (
    select * from {{ ref('police_force_regions') }}
),

establishment_regions as (
    select * from {{ ref('establishment_regions') }}
),

findings as (
    select
        'order_without_case' as finding,
        'probation/orders' as extract,
        'Orders that join no case of their type proven in the days before; no index event.'
            as message,
        count(*) as n
    from order_cases
    where case_id is null
    union all
    select
        'open_spell_followed_by_reception' as finding,
        'prison/spells' as extract,
        'Spells without a release that a later reception follows; they end on that reception.'
            as message,
        coalesce(sum(open_spells_closed_n), 0) as n
    from custody_episodes
    union all
    select
        'prisoner_of_nobody' as finding,
        'prison/prisoners' as extract,
        'Prison numbers that belong to no person of the PNC; so do their spells.' as message,
        count(*) as n
    from prisoners
    where person_id is null
    union all
    select
        'offence_of_nobody' as finding,
        'pnc/offences' as extract,
        'Offences of a pnc_id that pnc/persons has not.' as message,
        count(*) as n
    from offences
    left join persons
        on offences.pnc_id = persons.pnc_id
    where persons.pnc_id is null
    union all
    select
        'offence_without_case' as finding,
        'pnc/offences' as extract,
        'Offences without a case_id; each is a case of its own.' as message,
        count(*) as n
    from offences
    where case_id is null
    union all
    select
        'spell_set_aside' as finding,
        'prison/spells' as extract,
        'Spells without a reception, or released before it; they are in no episode.' as message,
        count(*) as n
    from spells
    where reception_date is null or release_date < reception_date
    union all
    select
        'police_force_without_region' as finding,
        'pnc/offences' as extract,
        'Offences of a police force that police_force_regions does not map.' as message,
        count(*) as n
    from offences
    left join police_force_regions
        on offences.police_force = police_force_regions.police_force
    where offences.police_force is not null and police_force_regions.police_force is null
    union all
    select
        'establishment_without_region' as finding,
        'prison/spells' as extract,
        'Spells in an establishment that establishment_regions does not map.' as message,
        count(*) as n
    from spells
    left join establishment_regions
        on spells.establishment = establishment_regions.establishment
    where spells.establishment is not null and establishment_regions.establishment is null
)

select
    finding,
    extract,
    message,
    cast(n as bigint) as n
from findings
