using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Presence;

/// <summary>A stretch of one person's workdays.</summary>
public readonly record struct PresenceDays(PersonKey Person, WorkdaySpan Days);

/// <summary>What is kept of one person's presence: the changes, and the segments made of them.</summary>
public sealed class KeptPresence
{
    public List<KeptActivity> Changes { get; } = [];
    public List<KeptActivity> Segments { get; } = [];
}

/// <summary>The SQL of presence.</summary>
public static class PresenceStore
{
    /// <summary>Clocks lie up to 26 hours apart, so that workdays about a move may be short.</summary>
    private const int DaysAboutMoves = 4;

    /// <summary>
    /// What is kept of some people about some of their workdays: whatever can have a say in what they were on these. Each day is looked
    /// up once.
    /// </summary>
    public static Dictionary<PersonKey, KeptPresence> About(
        DbConnection connection, DbTransaction? transaction, Snapshot snapshot, IEnumerable<PresenceDays> spans)
    {
        var found = new Dictionary<PersonKey, KeptPresence>();
        if (snapshot.Rules is not { Presence: { } rules }
            || snapshot.Rules.Type(PresenceTypes.Change) is not { } change || snapshot.Rules.Type(PresenceTypes.Segment) is not { } segment)
            return found;
        var days = new HashSet<(Workday Day, PersonKey Person)>();
        foreach (var (person, span) in spans)
            if (snapshot.Floor.Person(person) is { } whose)
                for (var (day, last) = Around(whose, span, rules); day <= last; day = day.Plus(1)) days.Add((day, person));
        if (days.Count == 0) return found;
        var keys = new Rows("", "day bigint", "person bigint");
        keys.Expect(days.Count);
        foreach (var (day, person) in days) keys.Add(day.Number, person.Value);
        var sources = connection.Query<(long Key, string Id)>("SELECT key, id FROM source", transaction: transaction)
            .ToDictionary(s => s.Key, s => s.Id);
        Statements.Of(connection).Look("t.key, t.source, t.id, t.type, t.person, t.at, t.day, t.body", "activity", keys, row =>
            {
                var isChange = row.Number(3) == change.Key;
                var one = new KeptActivity(row.Number(0), sources[row.Number(1)], ActivityId.FromBytes(row.Bytes(2)),
                    isChange ? PresenceTypes.Change : PresenceTypes.Segment, row.Number(4), null, row.Number(5), new((int)row.Number(6)),
                    ActivityBody.Read(row.Text(7)), null);
                var kept = CollectionsMarshal.GetValueRefOrAddDefault(found, new(one.Person!.Value), out _) ??= new();
                (isChange ? kept.Changes : kept.Segments).Add(one);
            }, $"t.type IN ({change.Key}, {segment.Key})");
        return found;
    }

    private static (Workday First, Workday Last) Around(FloorPerson person, WorkdaySpan span, PresenceRules rules) =>
        person.Sites.Count > 1
            ? (span.First.Plus(-DaysAboutMoves), span.Last.Plus(DaysAboutMoves))
            : (person.WorkdayOf(person.StartOf(span.First) - rules.Longest).Day,
                person.WorkdayOf(person.StartOf(span.Last.Plus(1)) + rules.Longest).Day);

    /// <summary>Everybody who has ever said a status, with the first and the last workday of it.</summary>
    public static List<PresenceDays> Everybody(DbConnection connection, DbTransaction? transaction = null) =>
        [.. connection.Query<(long Person, int First, int Last)>(
            """
            SELECT person, min(day), max(day) FROM activity
            WHERE person IS NOT NULL AND type IN (SELECT key FROM activity_type WHERE id IN (@Change, @Segment))
            GROUP BY person ORDER BY person
            """, new { PresenceTypes.Change, PresenceTypes.Segment }, transaction)
            .Select(r => new PresenceDays(new(r.Person), new(new(r.First), new(r.Last))))];
}
