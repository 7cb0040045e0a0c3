-- One row per figure that disclosure control took out of a published table, with the reason.
{%- set keys = {
    'requests': [],
    'attrition': ['step_number'],
    'attrition_detail': ['detail'],
    'suggested_analyses': ['suggested_analysis'],
    'resubmissions': ['release_quarter', 'basis'],
    'pool_attrition': ['analysis_id', 'step_number'],
    'outcomes': ['analysis_id', 'measure'],
    'covariate_balance': ['analysis_id', 'covariate'],
    'analysis_sizes': ['analysis_id'],
    'sensitivity': ['scenario', 'measure'],
    'survival': ['analysis_id', 'arm', 'month'],
    'power': ['reduction_points'],
    'detectable': ['power_percent'],
    'pre_service_check': [],
    'diagnostics_gate': ['gate'],
    'placebo': ['measure'],
    'subgroup_interactions': ['subgroup_field', 'measure'],
} %}
with

suppressed_rows as (
    {%- for table, columns in keys.items() %}
        select
            '{{ "analyses" if table == "analysis_sizes" else table }}' as published_table,
            request_id,
            concat_ws(' / ', {{ columns | join(', ') or "''" }}) as row_key,
            suppressed_figures
        from {{ ref('int_publishing__' ~ table) }}
        where suppressed_figures is not null
        union all
    {%- endfor %}
    select
        'meta_analysis' as published_table,
        '' as request_id,
        concat_ws(' / ', dimension, value, measure) as row_key,
        suppressed_figures
    from {{ ref('int_publishing__meta_analysis') }}
    where suppressed_figures is not null
),

suppressed_figures as (
    select
        published_table,
        request_id,
        row_key,
        unnest(string_split(suppressed_figures, ',')) as figure_and_reason
    from suppressed_rows
)

select
    published_table,
    request_id,
    row_key,
    split_part(figure_and_reason, '=', 1) as figure,
    split_part(figure_and_reason, '=', 2) as reason
from suppressed_figures
