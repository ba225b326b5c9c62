"""What a model's card says in words, in English; the interface has its own in both languages."""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "rules": "rules",
    "linear": "linear model",
    "ensemble": "neural ensemble",
    "transformer": "fine-tuned transformer",
    "composite": "weighted sum",
}
NAMES: Final = {
    "accuracy": "Accuracy on pairs",
    "accuracy_by_judgment": "Accuracy, vote by vote",
    "length_balanced_accuracy": "Length-balanced accuracy",
    "top_1": "Best of the prompt",
    "log_loss": "Log loss (a coin: 0.69)",
    "slope": "Calibration slope (1 is right)",
    "brier": "Brier score (a coin: 0.25)",
    "ece": "Calibration error (ECE)",
    "precision": "Precision of good outputs",
    "recall": "Recall of good outputs",
    "f1": "F1 of good outputs",
    "constant_f1": "F1 of always saying “good”",
    "auc": "AUC of good outputs",
    "error_auc": "Spread warns of errors (AUC)",
    "longer_model": "Model prefers the longer output",
    "longer_people": "Annotators prefer the longer output",
}
BASELINES: Final = {"length": "length alone", "style": "style alone", "source": "source alone"}
ATTACKS: Final = {
    "padded": "padded with empty sentences",
    "cut": "cut in half",
    "stripped": "stripped of Markdown",
    "flattered": "opened with flattery",
    "repeated": "said twice",
}
SCALE_NAMES: Final = {
    "anchored_to": "Held to the scale of version",
    "anchors": "Outputs it is held by",
    "factor": "Factor on the model's own reward",
    "shift": "Added to it",
    "mean": "Mean reward of those outputs",
    "spread": "Spread of those rewards",
}
DIMENSIONS: Final = {"length_gap": "difference in length", "criterion": "question"}
SENTENCES: Final = {
    "unmeasured": "Nothing is known of how good it is: {reason}.",
    "coin": "It may be no better than a coin: accuracy {figure}.",
    "baseline": "It does not clearly beat {names}: accuracy {figure} against {against}.",
    "length_bound": "Part of its accuracy is length: where longer and shorter winners weigh the same, it is {figure} "
    "instead of {against}.",
    "prefers_longer": "It prefers the longer output more often than annotators do: {figure} against {against}.",
    "prefers_shorter": "It prefers the shorter output more often than annotators do: the longer one wins {figure} "
    "of the time against {against}.",
    "below_people": "Annotators predict one another better: on the same votes it is right {figure}, they are "
    "{against}.",
    "weak_parts": "It is clearly worse than its {against} on parts of the pairs: {parts}.",
    "small_parts": "Fewer than {against} held-out pairs stand for: {parts}. What is said of them is hardly known.",
    "overconfident": "It is too sure: the calibration slope is {figure}, 1 would be right.",
    "timid": "It is too timid: the calibration slope is {figure}, 1 would be right.",
    "constant": "It finds good outputs no better than calling every output good: F1 {figure} against {against}.",
    "spread_blind": "Its spread does not tell where it errs: AUC {figure}, 50 % is chance.",
    "exploitable": "Its reward can be gamed: it rises more often than not for outputs that are {names}.",
    "attacks_untested": "Whether its reward can be gamed has not been measured.",
    "flat": "It gives the outputs of a prompt nearly the same reward: spread {figure}, wanted {against}.",
    "best_of_n": "Picking the best of several outputs by it is not clearly better than picking blindly: {figure} "
    "(lower end) against {against}.",
    "drift": "On labels that came after its promotion it is less often right: {figure} against {against}.",
    "must_pass": "It orders pairs wrongly that it must get right: {figure} of {against} pinned judgments fail.",
    "few_labels": "It learned from few labels: {figure} of the {against} from which a policy can be trained on it.",
    "few_groups": "Only {figure} groups of prompts were held out; {against} or more give steadier figures.",
    "shared": "Held-out prompts were nearly seen in training: {figure} are shared or near-duplicates.",
    "one_annotator": "All labels are by one annotator: it learned one person's taste.",
    "one_hand": "One annotator gave {figure} of the labels.",
    "not_people": "{figure} of the labels are not by people but {names}.",
    "agreement_unknown": "How far annotators agree is not known: no pair of outputs was judged by two of them.",
    "agreement_chance": "Annotators may agree no better than chance on {names}: alpha {figure}.",
}
FINDINGS: Final = {
    "must_pass": "{figure} of {against} pinned judgments fail: pairs that it must get right.",
    "drift": "On labels that came after its promotion it is right less often: {figure} against {against} before.",
    "beats_length": "It clearly beats length alone, by {gap} points: accuracy {figure} against {against}.",
    "hardly_beats_length": "It does not clearly beat length alone: accuracy {figure} against {against}.",
    "below_length": "It is worse than length alone, by {gap} points: accuracy {figure} against {against}.",
    "above_people": "It predicts an annotator better than the others do, by {gap} points: {figure} against "
    "{against} on the same votes.",
    "like_people": "It predicts an annotator about as well as the others do: {figure} against {against} on the "
    "same votes.",
    "below_people": "Annotators predict one another better, by {gap} points: it is right {figure}, they are {against}.",
    "weak_parts": "It is weakest on {parts}: {figure} on the first against {against} overall.",
    "even_parts": "On none of {figure} measured parts of the pairs is it clearly worse than overall.",
    "exploitable": "Its reward can be gamed by outputs that are {names}: a policy trained on it will find out.",
    "withstands": "None of {figure} ways of tampering with good outputs raises its reward more often than not.",
}
NUMBERS: Final = {"overconfident", "timid", "flat", "agreement_chance"}
COUNTS: Final = {
    "even_parts",
    "withstands",
    "must_pass",
    "few_labels",
    "few_groups",
    "shared",
    "one_annotator",
    "small_parts",
}
