using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Granted by a person, with a note.</summary>
public sealed record Manual : Rule
{
    [JsonIgnore]
    public override bool IsRecorded => true;
    public override string Type => "manual";
    public override IReadOnlyList<MetricKey> Metrics => [];
    public override Repeat DefaultRepeat => Repeat.EveryTime;
    public override bool IsByHand() => true;
    public override Succession? Succession() => Achievements.Succession.ByMoment;
}
