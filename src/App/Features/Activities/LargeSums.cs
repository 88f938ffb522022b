using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// Keeps a day's sum within what whole numbers hold, also added up over years: an item that would take it beyond is refused alone, before
/// anything of it is written. Only what is large by itself is looked at; of all else no day holds enough.
/// </summary>
internal sealed class LargeSums(Statements statements, Snapshot snapshot)
{
    /// <summary>In thousandths: a million.</summary>
    private const long Large = 1_000_000_000;
    /// <summary>In thousandths: a million millions.</summary>
    private const long Most = 1_000_000_000_000_000;

    private readonly Dictionary<(MetricKey, Workday, bool OfTeam, long Owner), Int128> known = [];

    /// <summary>Why an item is not taken; null when it is, and then it counts for those after it.</summary>
    public string? Refusal(IncomingActivity activity, Func<string, FloorPerson?> find)
    {
        if (activity.IsVoid || !IsLarge(activity) || Owner(activity, find) is not var (ofTeam, owner, day, clock)) return null;
        var occurrence = new Occurrence(activity.Type, activity.Measures, activity.Labels, activity.At, day, clock);
        var fresh = new List<((MetricKey, Workday, bool, long) Row, Int128 Sum)>();
        foreach (var metric in snapshot.Rules.MetricsOf(activity.Type))
        {
            if (metric.Reads(occurrence) is not { } reading) continue;
            var row = (metric.Key, day, ofTeam, owner);
            var sum = (known.TryGetValue(row, out var before) ? before : Kept(metric.Key, day, ofTeam, owner))
                + ((Int128)reading.Amount.Thousandths * reading.Times);
            if (Int128.Abs(sum) > Most) return $"the sum of metric '{metric.Id}' on {day} would be beyond 1,000,000,000,000";
            fresh.Add((row, sum));
        }
        foreach (var (row, sum) in fresh) known[row] = sum;
        return null;
    }

    private static bool IsLarge(IncomingActivity activity)
    {
        for (var i = 0; i < activity.Measures.Count; i++)
            if (Math.Abs(activity.Measures[i].Amount.Thousandths) >= Large) return true;
        return false;
    }

    /// <summary>Null where nobody's sum would grow: of who is not known yet it is told on release.</summary>
    private (bool OfTeam, long Owner, Workday Day, SiteClock Clock)? Owner(IncomingActivity activity, Func<string, FloorPerson?> find)
    {
        if (activity.Person is { Length: > 0 } id && find(id) is { } person)
            return person.WorkdayOf(activity.At) is var (day, site) ? (false, person.Key.Value, day, site.Clock) : null;
        var team = activity.Person is { Length: > 0 } identity ? snapshot.Floor.TeamOf(identity)
            : activity.Team is { Length: > 0 } queue ? snapshot.Floor.Team(queue) : null;
        return team is { } known ? (true, known.Key, known.Site.Clock.WorkdayOf(activity.At), known.Site.Clock) : null;
    }

    private long Kept(MetricKey metric, Workday day, bool ofTeam, long owner) => statements[ofTeam
        ? "SELECT sum FROM team_rollup WHERE metric = @0 AND day = @1 AND team = @2"
        : "SELECT sum FROM rollup WHERE metric = @0 AND day = @1 AND person = @2"].Bind(metric.Value, day.Number, owner).Number() ?? 0;
}
