"""What findings are made of names its test rows and what the model reads."""

from tests.pipelines.training.findings.samples import material


def test_the_test_period_comes_after_everything_else():
    for target in ("late", "default"):
        sample = material(target)
        before = sample.rows.take(~sample.fitted.split.test)
        assert before.day.max() < sample.test.day.min()
        assert len(sample.test) == len(sample.answers["probability"])


def test_features_are_those_the_kept_model_reads_in_its_order():
    sample = material("late")
    assert tuple(feature.name for feature in sample.features) == sample.fitted.kept.features
    assert sample.seed == sample.plan.trees.seed
