-- The spine: one row per uploaded record of any request and one flag per rule. No row is left out.
with

records as (
    select * from {{ ref('int_intake__records') }}
),

requests as (
    select * from {{ ref('int_intake__requests') }}
),

request_settings as (
    select * from {{ ref('int_eligibility__request_settings') }}
),

links as (
    select * from {{ ref('int_linking__links') }}
),

linked_records as (
    select * from {{ ref('int_eligibility__linked_records') }}
),

custody_events as (
    select * from {{ ref('int_eligibility__custody_events') }}
),

community_events as (
    select * from {{ ref('int_eligibility__community_events') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

reoffending as (
    select * from {{ ref('int_index_events__reoffending') }}
),

sex_offences as (
    select * from {{ ref('int_register__sex_offences') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

meant_events as (
    select
        custody_events.request_id,
        custody_events.record_number,
        events.event_id
    from custody_events
    inner join events
        on
            custody_events.person_id = events.person_id
            and custody_events.episode_number = events.episode_number
            and events.event_type = 'prison_release'
    where not custody_events.is_still_in_custody
    union all
    select
        request_id,
        record_number,
        event_id
    from community_events
    where event_id is not null and not has_other_disposal and not is_referred_before_sentence
),

followed as (
    select
        meant_events.request_id,
        meant_events.record_number,
        events.*,
        reoffending.is_reoffender,
        reoffending.reoffences_n,
        reoffending.days_to_first
    from meant_events
    inner join events
        on meant_events.event_id = events.event_id
    inner join reoffending
        on meant_events.event_id = reoffending.event_id
)

select
    records.request_id,
    records.record_number,
    links.person_id,
    links.link_pass,
    links.match_probability,
    links.link_reason,
    records.start_date,
    records.service_date,
    records.user_reference_1,
    followed.event_id,
    followed.event_type,
    followed.index_date,
    followed.is_sexual_index_offence,
    case
        when linked_records.route in ('community_sentence', 'prison_release', 'either')
            then {{ days_between('followed.index_date', 'records.start_date') }}
    end as delay_days,
    followed.is_reoffender,
    followed.reoffences_n,
    followed.days_to_first,
    coalesce(community_events.is_other_disposal_within_window, false)
        as is_other_disposal_within_window,
    coalesce(community_events.is_referred_before_sentence, false) as is_referred_before_sentence,
    request_settings.sex_offence_scope,
    {% for scope in sex_offence_scopes() -%}
        {{ is_excluded_as_sex_offence('followed', 'sex_offences', "'" ~ scope ~ "'") }}
            as is_sex_offence_{{ scope }},
    {% endfor -%}
    linked_records.person_id is not null as is_matched,
    requests.is_withdrawn as request_withdrawn,
    requests.is_not_answerable as request_not_answerable,
    records.is_invalid or coalesce(linked_records.route = 'unknown', false) as invalid_record,
    coalesce(links.person_id is null and not links.is_ambiguous, false)
    or coalesce(links.has_no_conviction, false) as not_on_pnc,
    coalesce(links.is_ambiguous, false) as ambiguous_match,
    coalesce(custody_events.has_no_sentence, community_events.has_no_sentence, false)
        as no_sentence_found,
    coalesce(records.service_date > extract.reoffending_data_to, false) as after_data_period,
    coalesce(custody_events.is_still_in_custody, false) as still_in_custody,
    coalesce(custody_events.has_ambiguous_release, false) as ambiguous_release,
    coalesce(community_events.has_other_disposal, false) as other_disposal,
    coalesce(community_events.is_outside_window, false) as outside_window,
    {{ is_excluded_as_sex_offence(
        'followed', 'sex_offences', 'request_settings.sex_offence_scope'
    ) }} as sex_offence,
    coalesce(followed.days_to_first < delay_days, false) as reoffended_before_start,
    coalesce(not followed.has_complete_follow_up, false) as incomplete_follow_up
from records
inner join requests
    on records.request_id = requests.request_id
inner join request_settings
    on records.request_id = request_settings.request_id
cross join extract
left join links
    on
        records.request_id = links.request_id
        and records.record_number = links.record_number
left join linked_records
    on
        records.request_id = linked_records.request_id
        and records.record_number = linked_records.record_number
left join custody_events
    on
        records.request_id = custody_events.request_id
        and records.record_number = custody_events.record_number
left join community_events
    on
        records.request_id = community_events.request_id
        and records.record_number = community_events.record_number
left join followed
    on
        records.request_id = followed.request_id
        and records.record_number = followed.record_number
left join sex_offences
    on links.person_id = sex_offences.person_id
