-- One row per request and a check of requests: passed or failed, and by how many.
with

answers as (
    select * from {{ ref('int_intake__answers') }}
),

service_answers as (
    select * from {{ ref('int_intake__service_answers') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

reading_findings as (
    select * from {{ ref('stg_uploads__reading_findings') }}
),

counted_records as (
    select
        request_id,
        count(*) as submitted_n,
        count(*) filter (where has_initials_only) as initials_n,
        count(*) filter (where has_identifier) as identified_n,
        count(*) filter (where service_date is not null) as dated_n,
        count(*) filter (where is_outside_period) as outside_n,
        count(*) filter (where is_age_impossible) as impossible_ages_n,
        count(*) filter (where not coalesce(is_invalid, false)) as usable_n
    from records
    group by request_id
),

records_of_people as (
    select
        request_id,
        count(*) as records_n
    from records
    where surname_key is not null and date_of_birth is not null
    group by request_id, surname_key, forenames, date_of_birth
),

counted_repeats as (
    select
        request_id,
        sum(records_n - 1) as repeated_n
    from records_of_people
    group by request_id
),

counted_answers as (
    select
        request_id,
        count(*) filter (where status <> 'answered' and is_needed) as needed_missing_n,
        count(*) filter (where status = 'missing' and not is_needed and not may_be_empty)
            as missing_n,
        count(*) filter (where status = 'not_recognised') as not_recognised_n
    from service_answers
    group by request_id
),

read_in_part as (
    select distinct request_id
    from reading_findings
    where check_id = 'too_many_rows'
),

counted as (
    select
        answers.*,
        coalesce(counted_records.submitted_n, 0) as submitted_n,
        coalesce(counted_records.initials_n, 0) as initials_n,
        coalesce(counted_records.identified_n, 0) as identified_n,
        coalesce(counted_records.dated_n, 0) as dated_n,
        coalesce(counted_repeats.repeated_n, 0) as repeated_n,
        coalesce(counted_records.outside_n, 0) as outside_n,
        coalesce(counted_records.impossible_ages_n, 0) as impossible_ages_n,
        coalesce(counted_records.usable_n, 0) as usable_n,
        coalesce(counted_answers.needed_missing_n, 0) as needed_missing_n,
        coalesce(counted_answers.missing_n, 0) as missing_n,
        coalesce(counted_answers.not_recognised_n, 0) as not_recognised_n,
        read_in_part.request_id is not null as is_read_in_part
    from answers
    left join counted_records
        on answers.request_id = counted_records.request_id
    left join counted_repeats
        on answers.request_id = counted_repeats.request_id
    left join counted_answers
        on answers.request_id = counted_answers.request_id
    left join read_in_part
        on answers.request_id = read_in_part.request_id
),

{#
  check, what was counted, how many are needed or allowed; a check of a yes or no has neither.
  Impossible ages of more than a tenth are a matter of the column, and no slips of single people.
#}
{%- set checks = [
    ('not_readable', 'not is_readable', none, none),
    ('read_in_part', 'is_read_in_part', none, none),
    (
        'too_few_records', 'submitted_n < ' ~ var('minimum_submitted'),
        'submitted_n', var('minimum_submitted')
    ),
    (
        'too_few_usable_records',
        'usable_n < ' ~ var('minimum_submitted') ~ ' and submitted_n >= '
        ~ var('minimum_submitted'),
        'usable_n', var('minimum_submitted')
    ),
    (
        'mostly_initials', 'initials_n > ' ~ var('mostly_initials_share') ~ ' * submitted_n',
        'initials_n', 'floor(' ~ var('mostly_initials_share') ~ ' * submitted_n)'
    ),
    (
        'impossible_ages', 'impossible_ages_n > 0.1 * submitted_n',
        'impossible_ages_n', 'floor(0.1 * submitted_n)'
    ),
    ('no_usable_service_date', 'submitted_n > 0 and dated_n = 0', 'dated_n', '1'),
    ('service_answer_missing', 'needed_missing_n > 0', 'needed_missing_n', '0'),
    ('service_answer_not_recognised', 'not_recognised_n > 0', 'not_recognised_n', '0'),
    ('service_description_incomplete', 'missing_n > 0', 'missing_n', '0'),
    (
        'custody_with_community_sentence',
        "delivered_in = 'custody' and index_event = 'community_sentence'", none, none
    ),
    ('governance_refused', "governance_approved = 'no'", none, none),
    ('conditions_refused', "conditions_accepted = 'no'", none, none),
    ('contact_missing', 'contact_email is null and alternative_contact is null', none, none),
    (
        'contact_not_an_address',
        'not ' ~ full_match('trim(contact_email)', '[^@\\s]+@[^@\\s]+\\.[^@\\s]+'), none, none
    ),
    ('no_identifiers', 'submitted_n > 0 and identified_n = 0', 'identified_n', '1'),
    ('duplicate_records', 'repeated_n > 0', 'repeated_n', '0'),
    ('records_outside_period', 'outside_n > 0', 'outside_n', '0'),
    ('drug_or_alcohol_need', "need in ('drugs', 'alcohol')", none, none),
    ('submitted_on_missing', 'is_submission_missing', none, none),
    ('submitted_on_in_future', 'is_submission_in_future', none, none),
] %}

checked as (
    {% for check_id, fails, counted_n, limit_n in checks %}
        select
            request_id,
            '{{ check_id }}' as check_id,
            coalesce({{ fails }}, false) as is_failed,
            cast({{ counted_n or 'null' }} as bigint) as counted_n,
            cast({{ limit_n or 'null' }} as bigint) as limit_n
        from counted
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    request_id,
    check_id,
    case when is_failed then 'failed' else 'passed' end as status,
    counted_n,
    limit_n,
    case when is_failed then abs(counted_n - limit_n) when counted_n is not null then 0 end as by_n
from checked
