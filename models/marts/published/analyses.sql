{{ pass_on(ref('int_publishing__analysis_sizes')) }}
