"""Shapes on the wire: rules tried on a sample."""

from typing import Any

from rest_framework import serializers

from training.api.serializers import HitSerializer
from training.api.serializers_evaluation import FigureSerializer
from training.rewards.models.rules.checks import CHECKS

FEWEST_OUTPUTS = 10
MOST_OUTPUTS = 500


class RulesTrySerializer(serializers.Serializer[Any]):
    """Rules in the form that a recipe has them, to be tried on about `n` outputs.

    `data` says, as for a training run, whose labels the sum is compared with.
    """

    rules = serializers.ListField(child=serializers.DictField())
    n = serializers.IntegerField(default=200, min_value=FEWEST_OUTPUTS, max_value=MOST_OUTPUTS)
    data = serializers.DictField(default=dict)  # type: ignore[assignment]  # declared fields leave the class


class RuleExampleSerializer(serializers.Serializer[Any]):
    """A passage of an output; `hits` count from its beginning, in code points.

    `before` and `after` are how many code points of the output are left out on either side.
    """

    prompt = serializers.CharField(help_text="The prompt's external id.")
    holds = serializers.BooleanField()
    text = serializers.CharField(allow_blank=True)
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    hits = HitSerializer(many=True)


class RuleTriedSerializer(serializers.Serializer[Any]):
    """What one rule did on the sample.

    `mean` is what it adds to a reward on average, `preferred` how often people preferred the output it holds
    for where it holds for one of a pair alone. An expression that was cut off too often is `stopped`.
    """

    name = serializers.CharField()
    check = serializers.ChoiceField(choices=list(CHECKS))
    weight = serializers.FloatField()
    tried = serializers.IntegerField()
    held = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    timeouts = serializers.IntegerField()
    stopped = serializers.BooleanField()
    preferred = FigureSerializer()
    examples = RuleExampleSerializer(many=True)


class RulesTriedSerializer(serializers.Serializer[Any]):
    """What the rules did on `outputs` of the `sample` outputs, as far as the time for a trial went.

    `agreement` compares the sum of the rules with people's labels on pairs of the sample. It is a preview, not
    a held-out figure. On `equal` of its pairs the sum is the same for both.
    """

    sample = serializers.IntegerField()
    outputs = serializers.IntegerField()
    rules = RuleTriedSerializer(many=True)
    agreement = FigureSerializer()
    equal = serializers.IntegerField()
