using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>What another system says that a person had on a day; null takes it back.</summary>
public sealed record ExternalValue(string Person, string Date, decimal? Value);

/// <summary>
/// Takes the values of external metrics in. Each is an activity of its metric's own type, one identity per person and day: what comes
/// later is a correction, null a void, so that all that holds for activities holds for it.
/// </summary>
public sealed class ExternalValues(Database database, CatalogueStore catalogue, Intake intake, TimeProvider time)
{
    private const long NoonMs = 12 * 3_600_000;
    /// <summary>Somebody else may send the same day's value at the same moment: the last one to ask stands.</summary>
    private const int Tries = 3;

    /// <summary>An answer per value, in their order; null where there is no such external metric.</summary>
    public async Task<IReadOnlyList<ItemResult>?> Set(string metric, IReadOnlyList<ExternalValue> values, CancellationToken cancel)
    {
        var results = new ItemResult?[values.Count];
        for (var left = Tries; left == Tries || (left > 0 && Array.Exists(results, r => r is null)); left--)
        {
            if (Prepare(metric, values, results) is not { } prepared) return null;
            if (prepared.Count == 0) break;
            var answers = await intake.Take([.. prepared.Select(p => p.Activity)], cancel);
            for (var i = 0; i < prepared.Count; i++)
                if (left == 1 || answers[i].Reason?.StartsWith("conflict", StringComparison.Ordinal) != true)
                    results[prepared[i].Index] = answers[i];
        }
        return [.. results.Select(r => r!.Value)];
    }

    /// <summary>What is still to be taken, as the next version of each identity; refusals and repetitions are answered at once.</summary>
    private List<(int Index, IncomingActivity Activity)>? Prepare(
        string metric, IReadOnlyList<ExternalValue> values, ItemResult?[] results)
    {
        using var connection = database.Read();
        var snapshot = catalogue.Current(connection);
        if (!snapshot.Rules.Metrics.Any(m => m.Metric.External && string.Equals(m.Metric.Id, metric, StringComparison.Ordinal)))
            return null;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var prepared = new List<(int, IncomingActivity)>();
        var stored = new Dictionary<ActivityId, (long Version, long? Content)>();
        for (var i = 0; i < values.Count; i++)
        {
            if (results[i] is not null) continue;
            if (Activity(snapshot.Floor, metric, values[i], now, out var reason) is not { } activity)
            {
                results[i] = ItemResult.Rejected(reason);
                continue;
            }
            if (!stored.TryGetValue(activity.Id, out var known)) known = Stored(connection, activity);
            var content = activity.IsVoid ? (long?)null : ActivityBody.Fingerprint(activity);
            if (known.Content == content)
            {
                results[i] = ItemResult.Duplicate;
                continue;
            }
            stored[activity.Id] = (known.Version + 1, content);
            prepared.Add((i, activity with { Version = known.Version + 1 }));
        }
        return prepared;
    }

    private static IncomingActivity? Activity(Floor floor, string metric, ExternalValue value, long now, out string reason)
    {
        reason = "";
        if (ExternalIdentity.IsOne(value.Person) || floor.Person(value.Person) is not { } person)
            reason = $"there is no person '{value.Person}'";
        else if (Workday.Parse(value.Date) is not { } day) reason = "date must be a date such as 2026-01-31";
        else if (day > person.BegunThrough(now)) reason = "the date has not begun yet";
        else if (value.Value is { } number && Amount.Of(number) is null) reason = "value must lie between -1,000,000,000 and 1,000,000,000";
        else
        {
            // In the middle of the day, unless that is another one there.
            var at = person.StartOf(day) + NoonMs;
            if (person.WorkdayOf(at).Day != day) at = person.StartOf(day);
            return new(ActivityType.OfExternal(metric), ActivityId.Of($"{person.Key.Value}/{value.Date}"), ActivityType.OfExternal(metric),
                value.Person, null, at,
                value.Value is { } given ? [new(ActivityType.ExternalMeasure, Amount.Of(given)!.Value)] : [], [])
            {
                IsVoid = value.Value is null,
            };
        }
        return null;
    }

    /// <summary>The version in force, and its content; without content where there is none or it was taken back.</summary>
    private static (long Version, long? Content) Stored(DbConnection connection, IncomingActivity activity) =>
        connection.QueryFirstOrDefault<(long Version, long Content, long? Activity)?>(
            "SELECT version, content, activity FROM activity_key WHERE source = (SELECT key FROM source WHERE id = @Source) AND id = @id",
            new { activity.Source, id = activity.Id.ToArray() }) is var (version, content, kept)
            ? (version, kept is null ? null : content)
            : (0, null);
}
