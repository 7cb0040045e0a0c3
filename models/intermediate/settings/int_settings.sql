-- One row per setting of the method: the vars of this run. Python models read them here, and
-- method_settings publishes them, so that what is published is what was used.
{% for rule in method_settings() %}
    {%- set choices = (rule.choices or []) | join(', ') | lower %}
    select
        {{ loop.index }} as setting_order,
        '{{ rule.setting }}' as setting,
        '{{ var(rule.setting) | string | lower }}' as value,
        '{{ rule.data_type }}' as data_type,
        cast({{ 'null' if rule.minimum is none else rule.minimum }} as double) as minimum,
        cast({{ 'null' if rule.maximum is none else rule.maximum }} as double) as maximum,
        cast({{ 'null' if rule.floor is none else rule.floor }} as double) as floor,
        nullif('{{ choices }}', '') as choices,
        '{{ rule.meaning }}' as meaning,
        '{{ rule.source }}' as source
    {% if not loop.last %}union all{% endif %}
{% endfor %}
