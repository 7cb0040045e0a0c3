-- One row per record that was left out for its index event and that a suggested analysis could
-- hold: which one, and whether the record would pass the rules that remain.
with

reasons as (
    select * from {{ ref('int_eligibility__reasons') }}
    where reason in ('no_sentence_found', 'other_disposal', 'outside_window')
),

linked_records as (
    select * from {{ ref('int_eligibility__linked_records') }}
),

community_events as (
    select * from {{ ref('int_eligibility__community_events') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

sex_offences as (
    select * from {{ ref('int_register__sex_offences') }}
),

counted_offences as (
    select * from {{ ref('int_register__proven_offences') }}
    where is_counted
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

left_out as (
    select
        reasons.request_id,
        reasons.record_number,
        reasons.person_id,
        reasons.reason,
        reasons.sex_offence_scope,
        reasons.index_date as meant_date,
        reasons.event_id as meant_event_id,
        reasons.is_other_disposal_within_window,
        linked_records.start_date,
        linked_records.window_months,
        community_events.latest_case_id,
        community_events.latest_disposal_type,
        community_events.latest_sentence_event_id,
        community_events.latest_release_event_id,
        -- a release in the window that no case followed, for a service that was to follow sentences
        linked_records.route = 'community_sentence'
        and coalesce(
            linked_records.start_date
            < {{ add_months('releases.index_date', 'linked_records.window_months') }}
            and coalesce(community_events.latest_case_date <= releases.index_date, true),
            false
        ) as is_custody_leaver
    from reasons
    inner join linked_records
        on
            reasons.request_id = linked_records.request_id
            and reasons.record_number = linked_records.record_number
    inner join community_events
        on
            reasons.request_id = community_events.request_id
            and reasons.record_number = community_events.record_number
    left join events as releases
        on community_events.latest_release_event_id = releases.event_id
),

assigned as (
    select
        *,
        case
            when is_custody_leaver then 'custody_leavers'
            when reason = 'other_disposal' and is_other_disposal_within_window
                then
                    case
                        when latest_disposal_type in ('caution', 'reprimand', 'warning')
                            then 'caution'
                        when
                            latest_disposal_type
                            in ('absolute_discharge', 'conditional_discharge')
                            then 'discharge'
                        when
                            latest_disposal_type
                            in ('community_order', 'suspended_sentence_order')
                            then 'community_sentence'
                        when latest_disposal_type = 'custody' then 'prison_sentence'
                        when
                            latest_disposal_type
                            in ('fine', 'positive_drug_test', 'youth_sentence')
                            then latest_disposal_type
                        else 'other'
                    end
            when
                reason = 'outside_window'
                and window_months < 12
                and start_date >= meant_date
                and start_date < {{ add_months('meant_date', '12') }}
                then 'window_of_12_months'
        end as suggested_analysis
    from left_out
),

with_its_event as (
    select
        assigned.*,
        case assigned.suggested_analysis
            when 'window_of_12_months' then 12
            else assigned.window_months
        end as months_allowed,
        case assigned.suggested_analysis
            when 'custody_leavers' then assigned.latest_release_event_id
            when 'community_sentence' then assigned.latest_sentence_event_id
            when 'window_of_12_months' then assigned.meant_event_id
        end as admitted_event_id
    from assigned
    where assigned.suggested_analysis is not null
),

{# A disposal without an index event of its own is followed from the day it was proven; one that is
   custodial from a release, and there is none. #}
followed as (
    select
        with_its_event.*,
        coalesce(
            events.index_date, case when not cases.is_custodial then cases.case_date end
        ) as index_date,
        coalesce(events.is_sexual_index_offence, cases.is_sexual) as is_sexual_index_offence
    from with_its_event
    left join events
        on with_its_event.admitted_event_id = events.event_id
    left join cases
        on
            with_its_event.admitted_event_id is null
            and with_its_event.person_id = cases.person_id
            and with_its_event.latest_case_id = cases.case_id
),

reoffended_before_start as (
    select distinct
        followed.request_id,
        followed.record_number
    from followed
    inner join counted_offences
        on
            followed.person_id = counted_offences.person_id
            and followed.index_date < counted_offences.offence_date
            and followed.start_date > counted_offences.offence_date
            and {{ add_months('followed.index_date', var('follow_up_months')) }}
            >= counted_offences.offence_date
            and {{ add_months(
                'followed.index_date', var('follow_up_months') + var('waiting_months')
            ) }} >= counted_offences.proven_date
)

select
    followed.request_id,
    followed.record_number,
    followed.person_id,
    followed.reason,
    followed.suggested_analysis,
    followed.index_date,
    coalesce(
        followed.start_date >= followed.index_date
        and followed.start_date < {{ add_months('followed.index_date', 'followed.months_allowed') }}
        and not {{ is_excluded_as_sex_offence(
            'followed', 'sex_offences', 'followed.sex_offence_scope'
        ) }}
        and reoffended_before_start.record_number is null
        and {{ add_months(
            'followed.index_date', var('follow_up_months') + var('waiting_months')
        ) }} <= extract.reoffending_data_to,
        false
    ) as is_expected
from followed
cross join extract
left join sex_offences
    on followed.person_id = sex_offences.person_id
left join reoffended_before_start
    on
        followed.request_id = reoffended_before_start.request_id
        and followed.record_number = reoffended_before_start.record_number
