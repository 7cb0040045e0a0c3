{%- set facts = [
    ('data_as_of', 'cast(data_as_of as varchar)',
        'The day on which the extracts were taken', 'extract.json'),
    ('reoffending_data_to', 'cast(reoffending_data_to as varchar)',
        'Re-offending records are complete to this day', 'extract.json'),
    ('is_synthetic', 'cast(is_synthetic as varchar)',
        'Whether the raw zone holds nobody real', 'extract.json'),
    ('code_version', 'code_version()', 'The commit that the tables were built with', 'git'),
    ('contact', 'contact', 'Where readers of the results ask; null where not said', 'extract.json'),
    ('settings_below_floor', "coalesce(below_floor.settings, 'none')",
        'Settings below their floor, which only a synthetic raw zone may have', 'this build'),
] %}
with

settings as (
    select * from {{ ref('int_settings') }}
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

below_floor as (
    select string_agg(setting, ', ' order by setting_order) as settings
    from settings
    where try_cast(value as double) < floor
),

facts as (
    {% for fact, value, meaning, source in facts %}
        select
            cast({{ 100 + loop.index }} as int) as setting_order,
            '{{ fact }}' as setting,
            {{ value }} as value,
            'fact' as data_type,
            '{{ meaning }}' as meaning,
            '{{ source }}' as source
        from extract
        cross join below_floor
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    cast(setting_order as int) as setting_order,
    setting,
    value,
    data_type,
    minimum,
    maximum,
    floor,
    choices,
    meaning,
    source
from settings
union all
select
    setting_order,
    setting,
    value,
    data_type,
    null as minimum,
    null as maximum,
    null as floor,
    null as choices,
    meaning,
    source
from facts
