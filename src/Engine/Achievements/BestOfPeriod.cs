using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

public enum BestPeriod { Yesterday, Last7Days, Week, Month }
public enum Best { Highest, Lowest }
public enum Ties { All, Earliest }
/// <summary>Among whom there is one best: the whole audience, each team, or each site.</summary>
public enum Among { Everybody, Team, Site }

/// <summary>The best of a finished period among all who have data.</summary>
/// <param name="Minimum">Value that must be reached at least; null for none.</param>
/// <param name="Sample">Fewest contributions to compete.</param>
/// <param name="Among">By team or site as it is on the period's last workday; who is in no team does not compete in one.</param>
public sealed record BestOfPeriod(
    MetricKey Metric, BestPeriod Period, Best Best, Amount? Minimum, int Sample, Ties Ties,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Among Among = Among.Everybody) : Rule
{
    public override string Type => "best-of-period";
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    public override Repeat DefaultRepeat => Period switch
    {
        BestPeriod.Yesterday or BestPeriod.Last7Days => Repeat.Day,
        BestPeriod.Week => Repeat.Week,
        BestPeriod.Month => Repeat.Month,
    };

    public override ContestDecision Contest(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new BestOfPeriodDecision(history, metrics);
    public override (string Name, Enum Value)? Fixed() => ("period", Period);
    public override bool IsByPlace() => Among != Among.Everybody;
    public override TimeRange? Periods() => Period switch
    {
        BestPeriod.Week => TimeRange.Week,
        BestPeriod.Month => TimeRange.Month,
        BestPeriod.Yesterday or BestPeriod.Last7Days => null,
    };
    public override IReadOnlyList<Amount> Targets() => Minimum is { } least ? [least] : [];
    public override IEnumerable<(MetricKey, Amount, bool)> Limits() => Minimum is { } least ? [(Metric, least, true)] : [];
    public override bool RewardsHaste(Func<MetricKey, Metric> metrics) => Haste.Of(Metric, Best, metrics);
    public override Succession? Succession() => Achievements.Succession.ByPeriod;
}
