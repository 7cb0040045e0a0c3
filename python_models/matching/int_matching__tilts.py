def model(dbt, session):
    """Read what int_matching__matches proved of its weights; one row per term of a stratum."""
    dbt.ref("int_matching__matches")  # its build leaves the proof beside the table
    name = f'"{dbt.this.database}"."{dbt.this.schema}"."int_matching__matches__tilts"'
    return session.sql(f"select * from {name}").to_arrow_table()
