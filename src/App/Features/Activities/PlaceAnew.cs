using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>Who works elsewhere than was said before, and which teams belong to another site.</summary>
/// <param name="Before">As it was said before.</param>
/// <param name="People">With the first workday that is another one.</param>
public sealed record Moves(Floor Before, IReadOnlyDictionary<PersonKey, Workday> People, IReadOnlyCollection<long> Teams)
{
    public bool IsNone => People.Count + Teams.Count == 0;
}

/// <summary>
/// Puts activities that are counted on the workdays that they fall on after a move, as voids and late arrivals would. They stay what they
/// are: same identity, same version, same key; so nobody who counts them again counts them twice.
/// </summary>
internal static class PlaceAnew
{
    /// <summary>Clocks lie up to 26 hours apart.</summary>
    public const int DaysBefore = 2;

    /// <summary>Read at a time.</summary>
    private const int Chunk = 4_000;

    /// <summary>The rows that must be read anew.</summary>
    public static BatchRollups Run(DbConnection connection, DbTransaction transaction, Snapshot snapshot, Moves moves)
    {
        var rollups = new BatchRollups(snapshot.Rules, snapshot.Floor);
        // What is counted behind the retention horizon stays there: rows before it cannot be read anew.
        var horizon = snapshot.Rules.Horizon;
        foreach (var (key, from) in moves.People.OrderBy(p => p.Key))
        {
            if (moves.Before.Person(key) is not { } before || snapshot.Floor.Person(key) is not { } now) continue;
            var first = Workday.Max(horizon, from.Plus(-DaysBefore));
            Place(connection, transaction, "a.person = @of AND a.day >= @first", key.Value, first, one =>
            {
                var was = before.WorkdayOf(one.At).Site.Clock;
                // What another system says of a day is of that day, wherever the person was.
                var at = IsOfDay(one) ? now.MiddleOf(new((int)one.Day)) : one.At;
                if (at != one.At) Say(connection, transaction, one.Key, now.Id, at);
                var (day, site) = now.WorkdayOf(at);
                day = Workday.Max(day, horizon);
                rollups.Replace(one.Key, one.Type, key, null, new((int)one.Day), day, was.Zone.Id != site.Clock.Zone.Id);
                return (at, day);
            });
        }
        foreach (var team in moves.Teams.Order())
        {
            var (was, now) = (moves.Before.ClockOf(team), snapshot.Floor.ClockOf(team));
            Place(connection, transaction, "a.person IS NULL AND a.team = @of AND a.day >= @first", team, horizon, one =>
            {
                var day = Workday.Max(now.WorkdayOf(one.At), horizon);
                rollups.Replace(one.Key, one.Type, null, team, new((int)one.Day), day, was.Zone.Id != now.Zone.Id);
                return (one.At, day);
            });
        }
        return rollups;
    }

    private static void Place(
        DbConnection connection, DbTransaction transaction, string which, long of, Workday first, Func<Row, (long At, Workday Day)> place)
    {
        var statements = Statements.Of(connection);
        var after = long.MinValue;
        while (true)
        {
            var rows = connection.Query<Row>(
                $"""
                SELECT a.key, t.id AS type, a.at, a.day FROM activity a JOIN activity_type t ON t.key = a.type
                WHERE {which} AND a.key > @after ORDER BY a.key LIMIT @Chunk
                """, new { of, first = first.Number, after, Chunk }, transaction).ToList();
            foreach (var row in rows)
            {
                var (at, day) = place(row);
                if (at != row.At || day.Number != row.Day)
                    statements["UPDATE activity SET at = @1, day = @2 WHERE key = @0"].Bind(row.Key, at, day.Number).Run();
            }
            if (rows.Count < Chunk) return;
            after = rows[^1].Key;
        }
    }

    private static bool IsOfDay(Row row) => row.Type.StartsWith(ActivityType.OfExternal(""), StringComparison.Ordinal);

    /// <summary>The same value sent again is a duplicate: it comes with the moment that stands for its day by now.</summary>
    private static void Say(DbConnection connection, DbTransaction transaction, long key, string person, long at)
    {
        var sent = ActivityStore.Find(connection, key, transaction)!.AsSent(person, 0) with { At = at };
        connection.Execute("UPDATE activity_key SET content = @content WHERE source = (SELECT source FROM activity WHERE key = @key) "
            + "AND id = @id", new { content = ActivityBody.Fingerprint(sent), key, id = sent.Id.ToArray() }, transaction);
    }

    private sealed record Row(long Key, string Type, long At, long Day);
}
