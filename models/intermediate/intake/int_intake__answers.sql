-- One row per readable or unreadable request: its answers on the service, in known words or null.
with

requests as (
    select * from {{ ref('stg_uploads__requests') }}
),

answers as (
    select * from {{ ref('stg_uploads__answers') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

one_row_a_request as (
    select
        requests.request_id,
        requests.is_readable,
        requests.header_row,
        {% for question in [
            'organisation', 'service_name', 'sector', 'need', 'description', 'delivered_in',
            'index_event', 'referral_routes', 'start_relative_to_sentence', 'date_meaning',
            'repeat_receipt_usual', 'governance_approved', 'conditions_accepted', 'contact_email',
            'alternative_contact', 'submitted_on', 'withdrawn_on'
        ] -%}
            max(answers.answer) filter (where answers.question = '{{ question }}') as {{ question }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from requests
    left join answers
        on requests.request_id = answers.request_id
    group by requests.request_id, requests.is_readable, requests.header_row
)

select
    one_row_a_request.request_id,
    one_row_a_request.is_readable,
    one_row_a_request.header_row,
    one_row_a_request.organisation,
    one_row_a_request.service_name,
    {{ known_answer('sector', ['private', 'public', 'voluntary_community', 'educational']) }}
        as sector,
    {{ known_answer('need', [
        'accommodation', 'education', 'employment', 'finance', 'relationships', 'attitudes',
        'drugs', 'alcohol', 'health', 'other'
    ]) }} as need,
    one_row_a_request.description,
    {{ known_answer('delivered_in', ['custody', 'community', 'through_the_gate']) }}
        as delivered_in,
    {{ known_answer('index_event', ['community_sentence', 'prison_release', 'either']) }}
        as index_event,
    one_row_a_request.referral_routes,
    one_row_a_request.start_relative_to_sentence,
    one_row_a_request.date_meaning,
    {{ known_answer('repeat_receipt_usual', ['yes', 'no']) }} as repeat_receipt_usual,
    {{ known_answer('governance_approved', ['yes', 'no']) }} as governance_approved,
    {{ known_answer('conditions_accepted', ['yes', 'no']) }} as conditions_accepted,
    one_row_a_request.contact_email,
    one_row_a_request.alternative_contact,
    coalesce(
        {{ upload_date('one_row_a_request.submitted_on', '2068') }}, extract.data_as_of
    ) as submitted_on,
    {{ upload_date('one_row_a_request.submitted_on', '2068') }} is not null
        as is_submission_dated,
    one_row_a_request.submitted_on is null as is_submission_missing,
    coalesce(
        {{ upload_date('one_row_a_request.submitted_on', '2068') }} > extract.data_as_of, false
    ) as is_submission_in_future,
    {{ upload_date('one_row_a_request.withdrawn_on', '2068') }} as withdrawn_on,
    one_row_a_request.withdrawn_on is not null as is_withdrawn
from one_row_a_request
cross join extract
