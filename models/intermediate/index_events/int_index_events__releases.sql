-- One row per release from custody that is an index event, with its index case.
with

releases as (
    select * from {{ ref('int_index_events__custody_episodes') }}
    where is_index_event and release_date is not null
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

establishment_regions as (
    select * from {{ ref('establishment_regions') }}
),

latest_cases as (
    select
        releases.person_id,
        releases.episode_number,
        max(cases.case_number) filter (
            where
            cases.is_custodial
            and cases.case_date >= releases.reception_date - {{ var('custody_case_max_days') }}
        ) as custodial_case_number,
        max(cases.case_number) as any_case_number
    from releases
    inner join cases
        on
            releases.person_id = cases.person_id
            and releases.release_date >= cases.case_date
    group by releases.person_id, releases.episode_number
),

first_cases_after as (
    select
        releases.person_id,
        releases.episode_number,
        min(cases.case_date) as case_date
    from releases
    inner join cases
        on
            releases.person_id = cases.person_id
            and releases.release_date < cases.case_date
    group by releases.person_id, releases.episode_number
),

releases_in_order as (
    select
        *,
        lead(release_date) over (partition by person_id order by release_date) as next_release_date
    from releases
)

select
    releases.person_id,
    releases.episode_number,
    releases.event_key,
    releases.reception_date,
    releases.release_date as index_date,
    cases.case_id,
    cases.case_date,
    releases.reception_date as reference_date,
    least(first_cases_after.case_date, releases.next_release_date) as loss_date,
    coalesce(cases.disposal_type, 'unknown') as sentence_type,
    cases.sentence_days,
    coalesce(cases.offence_group, 'unknown') as offence_group,
    coalesce(cases.is_sexual, false) as is_sexual_index_offence,
    releases.establishment,
    establishment_regions.region
from releases_in_order as releases
left join latest_cases
    on
        releases.person_id = latest_cases.person_id
        and releases.episode_number = latest_cases.episode_number
left join cases
    on
        latest_cases.person_id = cases.person_id
        and coalesce(latest_cases.custodial_case_number, latest_cases.any_case_number)
        = cases.case_number
left join first_cases_after
    on
        releases.person_id = first_cases_after.person_id
        and releases.episode_number = first_cases_after.episode_number
left join establishment_regions
    on releases.establishment = establishment_regions.establishment
