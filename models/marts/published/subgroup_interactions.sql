{{ pass_on(ref('int_publishing__subgroup_interactions')) }}
where {{ is_not_withheld() }}
