"""A cohort scored by the package, for tests of what comes after the score."""

from cohort_maker import COVARIATES, make_cohort

from justice_data_lab.statistics import MatchSettings, fit_propensities, score_propensities


def scored(*, settings=None, **parts):
    """Return the scores of a made cohort and the settings they were made with."""
    settings = settings or MatchSettings()
    cohort, values = make_cohort(**parts)
    models = fit_propensities(cohort, values, COVARIATES, settings)
    return score_propensities(cohort, values, COVARIATES, models, settings), settings
