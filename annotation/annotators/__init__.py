"""Models of annotators: who is careful, reversed, drawn to a position or a length. A plain library on numpy.

| module | answers | what is estimated for each annotator |
|---|---|---|
| `dawid_skene` | categories | a confusion matrix |
| `pairwise` | pairs that a few people saw | beta, position, longer, ties; the pair's difference is integrated out |
| `bradley_terry` | objects that come back in many comparisons | the same, beside an ability for each object |
| `ratings` | scores | offset, scale, noise |

`posterior` turns each of them into labels with probabilities, `bias` and `repeats` say what has nothing to do with
the outputs. Every fit converges or raises ConvergenceError; none changes what reward models are evaluated on.
"""
