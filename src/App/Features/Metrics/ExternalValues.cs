using System.Data.Common;
using System.Text;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>What another system says that a person had on a day; null takes it back.</summary>
/// <param name="Type">total (the default) takes the place of all that the day has, cumulative adds to it.</param>
/// <param name="Id">Of what is cumulative, the sender's own name for it: whatever comes by it again does not count twice.</param>
/// <param name="Count">How many an average is of; 1 where nothing is said.</param>
public sealed record ExternalValue(
    string Person, string Date, decimal? Value, string? Type = null, string? Id = null, long? Count = null);

/// <summary>
/// Takes the values of external metrics in. Each is an activity of its metric's own type. A total has one identity per person and day:
/// what comes later is a correction, null a void. What is cumulative has the identity that its sender gives; a total voids all of its
/// day. So all that holds for activities holds for them.
/// </summary>
public sealed class ExternalValues(Database database, CatalogueStore catalogue, Intake intake, TimeProvider time)
{
    public const string Total = "total", Cumulative = "cumulative";
    private const long MostCounted = 1_000_000;
    /// <summary>Somebody else may send the same day's value at the same moment: the last one to ask stands.</summary>
    private const int Tries = 3;
    /// <summary>Begins the identity of what is cumulative; that of a total begins with a digit.</summary>
    private const string Added = "+";
    /// <summary>The stored bytes of all such identities lie from the first up to, but not, the second.</summary>
    private static readonly byte[] FirstAdded = ActivityId.Of(Added).ToArray(), AfterAdded = ActivityId.Of(",").ToArray();

    /// <summary>An answer per value, in their order; null where there is no such external metric.</summary>
    public async Task<IReadOnlyList<ItemResult>?> Set(string metric, IReadOnlyList<ExternalValue> values, CancellationToken cancel)
    {
        var results = new ItemResult?[values.Count];
        var took = new bool[values.Count];
        for (var left = Tries; left == Tries || (left > 0 && Array.Exists(results, r => r is null)); left--)
        {
            if (Prepare(metric, values, results) is not { } prepared) return null;
            if (prepared.Count == 0) break;
            var answers = await intake.Take([.. prepared.Select(p => p.Activity)], cancel);
            foreach (var of in prepared.Zip(answers, (p, answer) => (p.Index, Answer: answer)).GroupBy(p => p.Index, p => p.Answer))
            {
                took[of.Key] |= of.Any(a => a.Outcome == ItemOutcome.Accepted);
                var refused = of.Where(a => a.Outcome == ItemOutcome.Rejected).ToList();
                if (left > 1 && refused.Contains(ItemResult.Conflict)) continue;
                results[of.Key] = refused.Count > 0 ? refused[0] : took[of.Key] ? ItemResult.Accepted : ItemResult.Duplicate;
            }
        }
        return [.. results.Select(r => r!.Value)];
    }

    /// <summary>
    /// What is still to be taken, as the next version of each identity, with the value that it is part of; refusals and repetitions
    /// are answered at once.
    /// </summary>
    private List<(int Index, IncomingActivity Activity)>? Prepare(
        string metric, IReadOnlyList<ExternalValue> values, ItemResult?[] results)
    {
        using var connection = database.Read();
        var snapshot = catalogue.Current(connection);
        var newest = snapshot.Rules.Metrics.Where(m => m.Metric.External && string.Equals(m.Metric.Id, metric, StringComparison.Ordinal))
            .MaxBy(m => m.Version);
        if (newest is null) return null;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var prepared = new List<(int, IncomingActivity)>();
        var kept = new KeptValues(connection, snapshot.Floor, ActivityType.OfExternal(metric));
        for (var i = 0; i < values.Count; i++)
        {
            if (results[i] is not null) continue;
            if (Activity(snapshot.Floor, newest.Metric, values[i], now, out var reason) is not { } activity)
            {
                results[i] = ItemResult.Rejected(reason);
                continue;
            }
            var before = prepared.Count;
            if (values[i].Type == Cumulative)
            {
                if (Addition(kept, activity) is { } answer) results[i] = answer;
                else prepared.Add((i, kept.Next(activity)));
            }
            else
            {
                prepared.AddRange(kept.Additions(activity).Select(id =>
                    (i, kept.Next(activity with { Id = id, IsVoid = true, Measures = [] }))));
                if (!kept.Says(activity)) prepared.Add((i, kept.Next(activity)));
                if (prepared.Count == before) results[i] = ItemResult.Duplicate;
            }
        }
        return prepared;
    }

    /// <summary>What is to be answered at once, or null where it is to be taken: by one identity something is added only once.</summary>
    private static ItemResult? Addition(KeptValues kept, IncomingActivity activity) => kept.Of(activity) switch
    {
        null => null,
        // What was taken back, or a total has taken the place of, does not come again.
        { Content: null } => ItemResult.Duplicate,
        { Content: var content } when activity.IsVoid || content == ActivityBody.Fingerprint(activity) =>
            activity.IsVoid ? null : ItemResult.Duplicate,
        _ => ItemResult.Rejected("this id came before with another person, date, value or count; a new id adds, null takes back"),
    };

    private static IncomingActivity? Activity(Floor floor, Metric metric, ExternalValue value, long now, out string reason)
    {
        reason = Refusal(metric, value) ?? "";
        if (reason.Length > 0) return null;
        if (ExternalIdentity.IsOne(value.Person) || floor.Person(value.Person) is not { } person)
            reason = $"there is no person '{value.Person}'";
        else if (Workday.Parse(value.Date) is not { } day) reason = "date must be a date such as 2026-01-31";
        else if (day > person.BegunThrough(now)) reason = "the date has not begun yet";
        else
        {
            var type = ActivityType.OfExternal(metric.Id);
            return new(type, ActivityId.Of(value.Type == Cumulative ? Added + value.Id : $"{person.Key.Value}/{value.Date}"), type,
                value.Person, null, person.MiddleOf(day), Measures(value), [])
            {
                IsVoid = value.Value is null,
            };
        }
        return null;
    }

    private static IReadOnlyList<Measure> Measures(ExternalValue value)
    {
        if (value.Value is not { } given) return [];
        var amount = new Measure(ActivityType.ExternalMeasure, Amount.Of(given)!.Value);
        return value.Count is null or 1 ? [amount] : [amount, new(ActivityType.ExternalCount.Name, new(value.Count.Value * 1000))];
    }

    /// <summary>What is wrong with a value, whoever's it is.</summary>
    private static string? Refusal(Metric metric, ExternalValue value)
    {
        if (value.Type is not (null or Total or Cumulative)) return "type must be total or cumulative";
        if (value.Type == Cumulative)
        {
            if (metric.Aggregate is not (Aggregate.Sum or Aggregate.Average))
                return $"nothing can be added to a {metric.Aggregate.ToString().ToLowerInvariant()}: send the day's total";
            if (string.IsNullOrEmpty(value.Id)) return "what is cumulative needs an id, so that it is not counted twice";
            if (Encoding.UTF8.GetByteCount(value.Id) >= ActivityId.MaximumLength)
                return $"id must have at most {ActivityId.MaximumLength - 1} bytes";
        }
        else if (value.Id is not null) return "an id goes with what is cumulative; a total has its person and date";
        if (value.Value is { } number && Amount.Of(number) is null) return "value must lie between -1,000,000,000 and 1,000,000,000";
        if (value.Count is not { } count) return null;
        if (metric.Aggregate != Aggregate.Average) return "count goes with an average";
        if (count is < 1 or > MostCounted) return "count must be 1 to 1,000,000; a value of null deletes";
        return value.Value is { } average && Amount.Of(average * count) is null
            ? "value times count must lie between -1,000,000,000 and 1,000,000,000"
            : null;
    }

    /// <summary>What is kept of the values in question, and what those before them in the same request will have made of it.</summary>
    private sealed class KeptValues(DbConnection connection, Floor floor, string source)
    {
        private readonly Dictionary<ActivityId, Kept?> known = [];
        private readonly Dictionary<(PersonKey Person, Workday Day), HashSet<ActivityId>> additions = [];
        private readonly bool hasAdditions = connection.ExecuteScalar<long>(
            """
            SELECT count(*) FROM (SELECT 1 FROM activity_key
              WHERE source = (SELECT key FROM source WHERE id = @source) AND id >= @FirstAdded AND id < @AfterAdded LIMIT 1) one
            """, new { source, FirstAdded, AfterAdded }) > 0;

        /// <summary>The version in force, and its content; without content where it was taken back. Null where none ever came.</summary>
        public Kept? Of(IncomingActivity activity)
        {
            if (known.TryGetValue(activity.Id, out var found)) return found;
            return known[activity.Id] = connection.QueryFirstOrDefault<(long Version, long Content, long? Activity)?>(
                """
                SELECT version, content, activity FROM activity_key
                WHERE source = (SELECT key FROM source WHERE id = @source) AND id = @id
                """, new { source, id = activity.Id.ToArray() }) is var (version, content, key)
                ? new Kept(version, key is null ? null : content)
                : null;
        }

        /// <summary>Whether a total is what the day has as one already.</summary>
        public bool Says(IncomingActivity total) =>
            Of(total)?.Content == (total.IsVoid ? null : ActivityBody.Fingerprint(total));

        /// <summary>What has been added on the day of a total, and counts.</summary>
        public IReadOnlyList<ActivityId> Additions(IncomingActivity total) =>
            [.. OfDay(total).Where(id => known.GetValueOrDefault(id) is not { Content: null })];

        /// <summary>The activity as the version that follows what is kept.</summary>
        public IncomingActivity Next(IncomingActivity activity)
        {
            var next = activity with { Version = Of(activity) is { } before ? before.Version + 1 : activity.IsVoid ? 1 : 0 };
            known[next.Id] = new(next.Version, next.IsVoid ? null : ActivityBody.Fingerprint(next));
            if (!next.IsVoid && next.Id.Bytes.StartsWith(FirstAdded)) OfDay(next).Add(next.Id);
            return next;
        }

        /// <summary>By the workday, wherever the person has moved since: there all counts as one day.</summary>
        private HashSet<ActivityId> OfDay(IncomingActivity activity)
        {
            var person = floor.Person(activity.Person!)!;
            var day = person.WorkdayOf(activity.At).Day;
            if (additions.TryGetValue((person.Key, day), out var found)) return found;
            return additions[(person.Key, day)] = !hasAdditions ? [] :
            [
                .. connection.Query<byte[]>(
                    """
                    SELECT id FROM activity WHERE day = @day AND person = @person
                      AND source = (SELECT key FROM source WHERE id = @source) AND id >= @FirstAdded AND id < @AfterAdded
                    """, new { day = day.Number, person = person.Key.Value, source, FirstAdded, AfterAdded }).Select(ActivityId.FromBytes),
            ];
        }
    }

    private sealed record Kept(long Version, long? Content);
}
