{{ pass_on(ref('int_publishing__analysis_sizes')) }}
where {{ is_not_withheld() }}
