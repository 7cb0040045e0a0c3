-- One row per record of a request that goes on to the linking: the person, or why there is none.
-- A record whose deciding pass reaches several people stays unlinked; so does one in review.
with

records as (
    select records.*
    from {{ ref('int_intake__records') }} as records
    inner join {{ ref('int_intake__requests') }} as requests
        on records.request_id = requests.request_id
    where not requests.is_stopped
),

deciding_candidates as (
    select * from {{ ref('int_linking__candidates') }}
    where is_deciding
),

decisions as (
    select * from {{ ref('int_linking__decisions') }}
    where decision <> 'unlinked'
),

scores as (
    select * from {{ ref('int_linking__scores') }}
),

identified as (
    select * from {{ ref('int_linking__identified_records') }}
),

offences as (
    select * from {{ ref('int_register__proven_offences') }}
),

reached_by_a_rule as (
    select
        request_id,
        record_number,
        min_by(link_pass, pass_number) as link_pass,
        min(person_id) as person_id,
        count(distinct person_id) > 1 as is_ambiguous,
        false as is_in_review
    from deciding_candidates
    group by request_id, record_number
),

reached as (
    select * from reached_by_a_rule
    union all
    select
        request_id,
        record_number,
        'probabilistic' as link_pass,
        person_id,
        decision = 'ambiguous' as is_ambiguous,
        decision = 'in_review' as is_in_review
    from decisions
),

people_with_a_proven_offence as (
    select distinct person_id from offences
),

linked as (
    select
        records.request_id,
        records.record_number,
        records.is_invalid,
        records.has_valid_date_of_birth,
        case when not reached.is_ambiguous and not reached.is_in_review then reached.person_id end
            as person_id,
        case when not reached.is_ambiguous and not reached.is_in_review then reached.link_pass end
            as link_pass,
        coalesce(reached.is_ambiguous, false) as is_ambiguous,
        coalesce(reached.is_in_review, false) as is_in_review,
        identified.record_number is not null as is_identified
    from records
    left join reached
        on
            records.request_id = reached.request_id
            and records.record_number = reached.record_number
    left join identified
        on
            records.request_id = identified.request_id
            and records.record_number = identified.record_number
)

select
    linked.request_id,
    linked.record_number,
    linked.person_id,
    linked.link_pass,
    scores.match_probability,
    linked.is_ambiguous,
    linked.person_id is not null and people_with_a_proven_offence.person_id is null
        as has_no_conviction,
    case
        when linked.is_invalid
            then case when not linked.has_valid_date_of_birth then 'date_of_birth_not_accurate' end
        when linked.is_ambiguous then null
        when linked.is_in_review then 'in_review'
        when linked.person_id is not null and people_with_a_proven_offence.person_id is null
            then 'no_conviction'
        when linked.person_id is not null then null
        when linked.is_identified and not linked.has_valid_date_of_birth
            then 'date_of_birth_not_accurate'
        else 'not_found'
    end as link_reason
from linked
left join scores
    on
        linked.request_id = scores.request_id
        and linked.record_number = scores.record_number
        and linked.person_id = scores.person_id
left join people_with_a_proven_offence
    on linked.person_id = people_with_a_proven_offence.person_id
