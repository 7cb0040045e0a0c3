-- One row per custody episode: the spells of one person that follow each other without a free day.
with

spells as (
    select
        prison_numbers.person_id,
        spells.*
    from {{ ref('stg_prison__spells') }} as spells
    inner join {{ ref('int_register__prison_numbers') }} as prison_numbers
        on spells.prison_number = prison_numbers.prison_number
    where
        prison_numbers.person_id is not null
        and spells.reception_date is not null
        and coalesce(spells.release_date >= spells.reception_date, true)
),

{# An open spell that a later reception follows ends on that reception. #}
spells_closed_by_the_next as (
    select
        *,
        min(reception_date) over (
            partition by person_id order by reception_date
            range between interval 1 day following and unbounded following
        ) as next_reception_date
    from spells
),

spells_with_their_end as (
    select
        *,
        coalesce(release_date, next_reception_date) as end_date,
        coalesce(release_date, next_reception_date, date '9999-12-31') as end_or_never,
        release_date is null and next_reception_date is not null as is_closed_by_the_next
    from spells_closed_by_the_next
),

episode_starts as (
    select
        *,
        coalesce(
            reception_date > max(end_or_never) over (
                partition by person_id order by reception_date, spell_id
                rows between unbounded preceding and 1 preceding
            ) + 1,
            true
        ) as is_start
    from spells_with_their_end
),

numbered as (
    select
        *,
        count_if(is_start) over (
            partition by person_id order by reception_date, spell_id
            rows between unbounded preceding and current row
        ) as episode_number
    from episode_starts
),

episodes as (
    select
        person_id,
        episode_number,
        min(reception_date) as reception_date,
        nullif(max(end_or_never), date '9999-12-31') as release_date,
        min_by(prison_number || '|' || spell_id, (reception_date, spell_id)) as event_key,
        {{ value_of_last('establishment', '(end_or_never, reception_date, spell_id)') }}
            as establishment,
        {{ value_of_last('expected_release_date', '(end_or_never, reception_date, spell_id)') }}
            as expected_release_date,
        count_if(is_closed_by_the_next) as open_spells_closed_n,
        coalesce(
            bool_or(
                custody_type = 'sentenced'
                {% if var('recall_is_index_event') %}or custody_type = 'recall'{% endif %}
            ),
            false
        ) as is_index_event
    from numbered
    group by person_id, episode_number
)

select * from episodes
