"""How far people agree: alpha, kappa, rank concordance, intervals. A plain library on numpy and scipy.

`report.agreement_report` assembles the figures of a project; the measures stand alone in their modules. Each
measure is a function of unit weights, so that a bootstrap over units is the same function called with
resampled weights. What is undefined is None with a reason, and nothing is rounded or padded by an epsilon.
"""
