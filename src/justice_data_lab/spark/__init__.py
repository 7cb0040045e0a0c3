"""The project on Apache Spark: a dbt adapter that adds to dbt-spark what this project needs.

``session`` starts Spark, ``adapter`` is what dbt sees, ``python_models`` runs the models in Python,
``sources`` hands on the raw zone and the seeds. Nothing is imported here: the workers read it too.
"""
