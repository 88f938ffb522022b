using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>The first activity of one of the types: a live count of one.</summary>
/// <param name="Metric">A count of these types, kept for this rule.</param>
public sealed record FirstTime(IReadOnlyList<string> Activities, MetricKey Metric) : Rule
{
    public override string Type => "first-time";
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    public override Repeat DefaultRepeat => Repeat.Once;

    [JsonIgnore]
    public Threshold AsThreshold { get; } = new([new Condition(Metric, Comparison.AtLeast, [Amount.One], 1)], TimeRange.All);

    public override Threshold Running() => AsThreshold;
    public override bool IsStep(Func<MetricKey, Metric> metrics) => true;
    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new ThresholdDecision(history, metrics);
}
