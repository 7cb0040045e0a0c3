with

tilts as (
    select * from {{ ref('int_matching__tilts') }}
),

matched_strata as (
    select * from {{ ref('int_matching__strata') }}
),

proofs as (
    select
        request_id,
        analysis_id,
        stratum,
        count(*) filter (where status = 'balanced') as balanced_n,
        count(*) filter (where status = 'over_the_cap') as over_the_cap_n,
        count(*) filter (where status = 'impossible') as impossible_n,
        count(*) filter (where status = 'dropped') as dropped_n,
        max(abs(difference_before)) as largest_difference_before,
        max(abs(difference_after)) filter (where status = 'balanced') as largest_difference,
        max(abs(difference_after)) filter (where status <> 'balanced')
            as largest_difference_of_others,
        max(iterations) as iterations,
        max(largest_weight_percent) as largest_weight_percent
    from tilts
    group by request_id, analysis_id, stratum
)

select
    matched_strata.request_id,
    matched_strata.analysis_id,
    matched_strata.stratum as index_event_type,
    matched_strata.treated_n,
    matched_strata.control_n,
    matched_strata.control_events_n,
    matched_strata.largest_multiplier,
    coalesce(proofs.balanced_n, 0) as balanced_n,
    coalesce(proofs.over_the_cap_n, 0) as over_the_cap_n,
    coalesce(proofs.impossible_n, 0) as impossible_n,
    coalesce(proofs.dropped_n, 0) as dropped_n,
    proofs.largest_difference_before,
    proofs.largest_difference,
    proofs.largest_difference_of_others,
    proofs.largest_weight_percent,
    proofs.iterations
from matched_strata
left join proofs
    on
        matched_strata.request_id = proofs.request_id
        and matched_strata.analysis_id = proofs.analysis_id
        and matched_strata.stratum = proofs.stratum
