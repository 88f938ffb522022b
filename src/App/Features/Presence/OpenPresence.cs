using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Presence;

/// <summary>
/// Time in a status that goes on, as if it ended now: what boards, figures and progress show on top of what is counted. Awards are decided
/// when it has ended, so that none moves while it grows.
/// </summary>
public static class OpenPresence
{
    /// <summary>
    /// What is open brings to a metric, by person and workday; nothing for metrics that count something else, and for ratios.
    /// </summary>
    public static List<(PersonKey Person, DayRollup Day)> Of(
        DbConnection connection, Snapshot snapshot, Metric metric, long now, PersonKey? only = null)
    {
        var found = new List<(PersonKey, DayRollup)>();
        if (snapshot.Rules.Presence is not { } rules || metric.Ratio is not null || !metric.Counts(PresenceTypes.Segment)) return found;
        var spans = Open(connection, only).Select(key => snapshot.Floor.Person(key)).OfType<FloorPerson>()
            .Select(person => person.WorkdayOf(now).Day is var today ? new PresenceDays(person.Key, new(today, today)) : default);
        foreach (var (key, kept) in PresenceStore.About(connection, null, snapshot, spans))
        {
            var person = snapshot.Floor.Person(key)!;
            foreach (var segment in PresenceSegments.Of(person, kept.Changes, kept.Segments, rules, snapshot.Rules.Horizon, now))
            {
                if (!segment.IsOpen || segment.From >= now || segment.Until < now) continue;
                var sent = PresenceSegments.Activity(person, rules, segment with { Until = now });
                var one = new KeptActivity(0, sent.Source, sent.Id, sent.Type, key.Value, null, sent.At, segment.Day,
                    new(sent.Measures, sent.Labels, null, null), null);
                if (metric.Reads(one.On(snapshot.Floor)) is { } reading) found.Add((key, new(segment.Day, Rollup.Of(reading))));
            }
        }
        return found;
    }

    /// <summary>People of whom something is open: its end is due work, "person/day".</summary>
    private static IEnumerable<PersonKey> Open(DbConnection connection, PersonKey? only)
    {
        var (sql, own) = ("SELECT subject FROM work WHERE kind = @Kind", only?.Value.ToString(CultureInfo.InvariantCulture));
        // What comes after a slash is a nought.
        if (own is not null) sql += " AND subject > @first AND subject < @end";
        return connection.Query<string>(sql, new { ClosePresence.Kind, first = $"{own}/", end = $"{own}0" })
            .Select(subject => subject.Split('/')).Where(parts => parts.Length == 2)
            .Select(parts => new PersonKey(long.Parse(parts[0], CultureInfo.InvariantCulture))).Distinct();
    }
}
