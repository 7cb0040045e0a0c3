{#- What is looked for in each extract, and how the build goes on with it. -#}
{%- set findings = [
    ('order_without_case', 'probation/orders', 'order_cases', 'case_id is null',
        'Orders that join no case of their type proven in the days before; no index event.'),
    ('order_of_nobody', 'probation/orders', 'orders', 'not is_of_somebody',
        'Orders of a pnc_id that pnc/persons has not.'),
    ('order_without_start', 'probation/orders', 'orders', 'start_date is null',
        'Orders without a start; they join no case.'),
    ('order_end_before_start', 'probation/orders', 'orders', 'end_date < start_date',
        'Orders that end before they start; their start counts.'),
    ('open_spell_followed_by_reception', 'prison/spells', 'closed_spells', 'true',
        'Spells without a release that a later reception follows; they end on that reception.'),
    ('spell_set_aside', 'prison/spells', 'spells',
        'reception_date is null or release_date < reception_date',
        'Spells without a reception, or released before it; they are in no episode.'),
    ('spell_of_nobody', 'prison/spells', 'spells', 'not is_of_a_prisoner',
        'Spells of a prison number that prison/prisoners has not; they are in no episode.'),
    ('spell_before_birth', 'prison/spells', 'spells', 'reception_date < date_of_birth',
        'Receptions before the birth of the prisoner; kept as recorded.'),
    ('spell_after_extract', 'prison/spells', 'spells',
        'reception_date > data_as_of or release_date > data_as_of',
        'Receptions or releases after the day of the extract; kept as recorded, and no release '
        ~ 'after the end of the re-offending data can be analysed.'),
    ('establishment_without_region', 'prison/spells', 'spells', 'has_establishment_without_region',
        'Spells in an establishment that establishment_regions does not map.'),
    ('prisoner_of_nobody', 'prison/prisoners', 'prisoners', 'person_id is null',
        'Prison numbers that belong to no person of the PNC; so do their spells.'),
    ('offence_of_nobody', 'pnc/offences', 'offences', 'not is_of_somebody',
        'Offences of a pnc_id that pnc/persons has not.'),
    ('offence_without_case', 'pnc/offences', 'offences', 'case_id is null',
        'Offences without a case_id; each is a case of its own.'),
    ('offence_without_date', 'pnc/offences', 'offences',
        'is_proven and proven_date is not null and offence_date is null',
        'Proven offences without the day of the offence; they count in their case, and are no '
        ~ 're-offence.'),
    ('proven_without_date', 'pnc/offences', 'offences', 'is_proven and proven_date is null',
        'Offences with a disposal that proves them and no day on which it did; not proven.'),
    ('proven_before_offence', 'pnc/offences', 'offences', 'proven_date < offence_date',
        'Offences proven before they were committed; kept as recorded.'),
    ('offence_before_birth', 'pnc/offences', 'offences', 'offence_date < date_of_birth',
        'Offences before the birth of the person; kept as recorded.'),
    ('offence_after_extract', 'pnc/offences', 'offences',
        'offence_date > data_as_of or proven_date > data_as_of',
        'Offences committed or proven after the day of the extract; kept as recorded.'),
    ('police_force_without_region', 'pnc/offences', 'offences', 'has_force_without_region',
        'Offences of a police force that police_force_regions does not map.'),
    ('employment_end_before_start', 'hmrc/employment_spells', 'employment_spells',
        'end_date < start_date or start_date is null',
        'Spells of employment without a start, or that end before it; they never count.'),
    ('name_of_nobody', 'pnc/names', 'names', 'not is_of_somebody',
        'Names of a pnc_id that pnc/persons has not; nobody is linked by them.'),
    ('employment_of_nobody', 'hmrc/employment_spells', 'employment_spells', 'not is_of_somebody',
        'Spells of employment of a pnc_id that pnc/persons has not; they count for nobody.'),
    ('benefit_of_nobody', 'dwp/benefit_spells', 'benefit_spells', 'not is_of_somebody',
        'Spells of benefits of a pnc_id that pnc/persons has not; they count for nobody.'),
    ('assessment_of_nobody', 'oasys/assessments', 'assessments', 'not is_of_somebody',
        'Assessments of a pnc_id that pnc/persons has not; they count for nobody.'),
    ('employment_not_recorded', 'hmrc/employment_spells', 'extract',
        'not exists (select 1 from employment_spells)',
        'The extract has no rows; whether anybody was employed is unknown.'),
    ('benefits_not_recorded', 'dwp/benefit_spells', 'extract',
        'not exists (select 1 from benefit_spells)',
        'The extract has no rows; whether anybody claimed benefits is unknown.'),
    ('assessments_not_recorded', 'oasys/assessments', 'extract',
        'not exists (select 1 from assessments)',
        'The extract has no rows; nobody is assessed.'),
    ('benefit_end_before_start', 'dwp/benefit_spells', 'benefit_spells',
        'end_date < start_date or start_date is null',
        'Spells of benefits without a start, or that end before it; they never count.'),
] %}
with

prisoners as (
    select * from {{ ref('int_register__prison_numbers') }}
),

order_cases as (
    select * from {{ ref('int_index_events__order_cases') }}
),

custody_episodes as (
    select * from {{ ref('int_index_events__custody_episodes') }}
),

persons as (
    select * from {{ ref('stg_pnc__persons') }}
),

{% for spells, staged in [
    ('names', 'stg_pnc__names'), ('employment_spells', 'stg_hmrc__employment_spells'),
    ('benefit_spells', 'stg_dwp__benefit_spells'), ('assessments', 'stg_oasys__assessments'),
] -%}
    {{ spells }} as (
        select
            {{ spells }}.*,
            persons.pnc_id is not null as is_of_somebody
        from {{ ref(staged) }} as {{ spells }}
        left join persons
            on {{ spells }}.pnc_id = persons.pnc_id
    ),

{% endfor -%}

police_force_regions as (
    select * from {{ ref('police_force_regions') }}
),

establishment_regions as (
    select * from {{ ref('establishment_regions') }}
),

disposal_codes as (
    select * from {{ ref('disposal_codes') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

closed_spells as (
    select unnest(range(cast(open_spells_closed_n as bigint))) as closed_spell
    from custody_episodes
),

orders as (
    select
        orders.*,
        persons.pnc_id is not null as is_of_somebody
    from {{ ref('stg_probation__orders') }} as orders
    left join persons
        on orders.pnc_id = persons.pnc_id
),

spells as (
    select
        spells.*,
        prisoners.prison_number is not null as is_of_a_prisoner,
        prisoners.date_of_birth,
        spells.establishment is not null and establishment_regions.establishment is null
            as has_establishment_without_region,
        extract.data_as_of
    from {{ ref('stg_prison__spells') }} as spells
    cross join extract
    left join prisoners
        on spells.prison_number = prisoners.prison_number
    left join establishment_regions
        on spells.establishment = establishment_regions.establishment
),

offences as (
    select
        offences.*,
        persons.pnc_id is not null as is_of_somebody,
        persons.date_of_birth,
        disposal_codes.is_proven,
        offences.police_force is not null and police_force_regions.police_force is null
            as has_force_without_region,
        extract.data_as_of
    from {{ ref('stg_pnc__offences') }} as offences
    cross join extract
    left join persons
        on offences.pnc_id = persons.pnc_id
    left join disposal_codes
        on offences.disposal_code = disposal_codes.disposal_code
    left join police_force_regions
        on offences.police_force = police_force_regions.police_force
)

{% for finding, extract, looked_at, condition, message in findings -%}
    select
        '{{ finding }}' as finding,
        '{{ extract }}' as extract,
        '{{ message }}' as message,
        count(*) as n
    from {{ looked_at }}
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
