with

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

settings as (
    {% for rule in method_settings() -%}
        {%- set choices = (rule.choices or []) | join(', ') | lower %}
        select
            {{ loop.index }} as setting_order,
            '{{ rule.setting }}' as setting,
            '{{ var(rule.setting) | string | lower }}' as value,
            '{{ rule.data_type }}' as data_type,
            cast({{ 'null' if rule.minimum is none else rule.minimum }} as double) as minimum,
            cast({{ 'null' if rule.maximum is none else rule.maximum }} as double) as maximum,
            '{{ choices }}' as choices,
            '{{ rule.meaning }}' as meaning,
            '{{ rule.source }}' as source
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

provenance as (
    select
        101 as setting_order,
        'data_as_of' as setting,
        cast(data_as_of as varchar) as value,
        'The day on which the extracts were taken' as meaning,
        'extract.json' as source
    from extract
    union all
    select
        102 as setting_order,
        'reoffending_data_to' as setting,
        cast(reoffending_data_to as varchar) as value,
        'Re-offending records are complete to this day' as meaning,
        'extract.json' as source
    from extract
    union all
    select
        103 as setting_order,
        'is_synthetic' as setting,
        cast(is_synthetic as varchar) as value,
        'Whether the raw zone holds nobody real' as meaning,
        'extract.json' as source
    from extract
    union all
    select
        104 as setting_order,
        'code_version' as setting,
        code_version() as value,
        'The commit that the tables were built with' as meaning,
        'git' as source
)

select
    cast(setting_order as int) as setting_order,
    setting,
    value,
    data_type,
    minimum,
    maximum,
    nullif(choices, '') as choices,
    meaning,
    source
from settings
union all
select
    cast(setting_order as int) as setting_order,
    setting,
    value,
    'fact' as data_type,
    null as minimum,
    null as maximum,
    null as choices,
    meaning,
    source
from provenance
