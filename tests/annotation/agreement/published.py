"""Published tables and their figures, as facts with their sources."""

from __future__ import annotations

import numpy as np

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: 4 observers x 12 units, None is missing.
# Published: nominal .743, ordinal .815, interval .849, ratio .797; to four digits as recomputed elsewhere.
_KRIPPENDORFF: list[list[int | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, None],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
KRIPPENDORFF_2011 = np.array(_KRIPPENDORFF, dtype=np.float64).T
KRIPPENDORFF_2011_ALPHA = {"nominal": 0.7434, "ordinal": 0.8154, "interval": 0.8491, "ratio": 0.7974}

# Fleiss (1971), Measuring nominal scale agreement among many raters: 30 patients x 6 psychiatrists, five
# diagnoses, one digit per rating. Published: kappa .430.
_FLEISS = [
    "444444",
    "222555",
    "233335",
    "555555",
    "222444",
    "113333",
    "333355",
    "113334",
    "114444",
    "555555",
    "144444",
    "124444",
    "222333",
    "144444",
    "224445",
    "333335",
    "111455",
    "111112",
    "224444",
    "133555",
    "555555",
    "244444",
    "224555",
    "114444",
    "144445",
    "222224",
    "111155",
    "224444",
    "133333",
    "555555",
]
FLEISS_1971 = np.array([[int(digit) for digit in row] for row in _FLEISS], dtype=np.float64)
FLEISS_1971_KAPPA = 0.4302

# Contingency table of two raters, 4 x 4 diagnoses, n = 223: Cohen's kappa .4315.
DIAGNOSIS_4X4 = [
    [40, 4, 4, 17],
    [6, 25, 2, 13],
    [4, 1, 21, 12],
    [15, 5, 9, 45],
]
DIAGNOSIS_4X4_KAPPA = 0.4315

# Counts per category of 6 raters, 15 units x 5 categories: Fleiss' kappa .4139.
SIX_RATERS = [
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0],
    [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0],
    [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1],
]
SIX_RATERS_KAPPA = 0.4139

# Shrout & Fleiss (1979), Intraclass correlations, table 2: 6 targets x 4 judges.
# Published (table 4): ICC(1,4) .44, ICC(2,4) .62.
SHROUT_FLEISS_1979 = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
