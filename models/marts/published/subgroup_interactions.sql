{{ pass_on(ref('int_publishing__subgroup_interactions')) }}
