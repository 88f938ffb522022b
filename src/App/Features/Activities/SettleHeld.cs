using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>What became of what waited for somebody.</summary>
/// <param name="Settled">How many count now, or were dropped.</param>
/// <param name="Waiting">How many wait on: the declared types refuse them.</param>
public sealed record SettledHeld(long Settled, long Waiting);

/// <summary>
/// Decides about activities whose person will never come, such as a mistyped one: they count for somebody else, or they are dropped. Their
/// identities stay, so that the same sent again is a duplicate; a higher version of one is judged anew, as any correction.
/// </summary>
public sealed class SettleHeld(Database database, BatchWriter writer, Intake intake, TimeProvider time)
{
    /// <summary>Counts all that waits for one id for a person who is known; null where nobody has that id.</summary>
    public SettledHeld? CountFor(string awaited, string person, Actor actor)
    {
        var replayed = BatchOutcome.Nothing;
        var settled = database.Write((c, t) =>
        {
            // Nobody brings a version of one of them in between.
            Rulebook.Hold(c, t);
            var name = c.QueryFirstOrDefault<string?>("SELECT name FROM person WHERE id = @person", new { person }, t);
            if (name is null) return null;
            var (before, sources) = Waiting(c, t, awaited);
            if (before == 0) return new SettledHeld(0, 0);
            replayed = writer.Replay(c, t, awaited, person);
            var (after, _) = Waiting(c, t, awaited);
            Audit.Write(c, t, actor, Now, "held.counted", awaited, new("counted-for", null, $"{name} ({person})"),
                new("activities", null, Number(before - after)), new("sources", null, sources));
            return new SettledHeld(before - after, after);
        });
        intake.Tell(replayed);
        return settled;
    }

    /// <summary>Drops all that waits for one id; it never counts.</summary>
    public SettledHeld Drop(string awaited, Actor actor) => database.Write((c, t) =>
    {
        Rulebook.Hold(c, t);
        var (count, sources) = Waiting(c, t, awaited);
        if (count == 0) return new SettledHeld(0, 0);
        c.Execute("DELETE FROM held WHERE person_id = @awaited", new { awaited }, t);
        Audit.Write(c, t, actor, Now, "held.dropped", awaited, new("activities", null, Number(count)), new("sources", null, sources));
        return new SettledHeld(count, 0);
    });

    private static (long Count, string Sources) Waiting(DbConnection connection, DbTransaction transaction, string awaited)
    {
        var sources = connection.Query<(string Source, long Held)>(
            """
            SELECT s.id, count(*) FROM held h JOIN source s ON s.key = h.source WHERE h.person_id = @awaited GROUP BY s.id ORDER BY s.id
            """, new { awaited }, transaction).ToList();
        return (sources.Sum(s => s.Held), string.Join(", ", sources.Select(s => s.Source)));
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
}
