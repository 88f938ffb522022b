using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Retention;

/// <summary>What moving the horizon would delete.</summary>
public sealed record HorizonPreview(long Activities, long Held);

/// <summary>
/// The retention horizon: the first workday whose activities are kept. It only moves forward. What was decided before it becomes a
/// recorded fact in the same transaction; the activities go afterwards, a few thousand at a time (<see cref="PurgeActivities"/>).
/// </summary>
public sealed class Horizon(Database database, CatalogueStore catalogue, WorkRunner work, TimeProvider time)
{
    public const string Setting = "horizon";

    /// <summary>
    /// Always kept: by then every month has closed, late files and corrections of a quarter have come, and nobody's running week or month
    /// is cut.
    /// </summary>
    public const int KeptDays = 90;

    private const long DayMs = 86_400_000;

    /// <summary>Before a workday begins anywhere.</summary>
    public static long EarliestStart(Workday day) => (day.Number - 1) * DayMs;

    /// <summary>A workday has begun everywhere.</summary>
    public static long LatestStart(Workday day) => (day.Number + 1) * DayMs;

    public HorizonPreview Preview(Workday horizon)
    {
        using var c = database.Read();
        return new(
            c.ExecuteScalar<long>("SELECT count(*) FROM activity WHERE day < @day", new { day = horizon.Number }),
            HeldBefore(c, null, horizon, (0, []), int.MaxValue).Gone.Count);
    }

    public Workday Current()
    {
        using var c = database.Read();
        return catalogue.Current(c).Rules.Horizon;
    }

    /// <summary>Why it could not move there now.</summary>
    public string? Refusal(Workday to)
    {
        using var c = database.Read();
        using var view = database.Snapshot(c);
        return Problem(c, view, catalogue.Current(c, view), to, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Null when done; otherwise what is wrong, as an English text that pages translate.</summary>
    public string? Move(Workday to, Actor actor)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var problem = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var snapshot = catalogue.Current(c, t);
            if (Problem(c, t, snapshot, to, now) is { } wrong) return wrong;
            var before = snapshot.Rules.Horizon;
            Apply(c, t, snapshot, to, now);
            Rulebook.TouchRules(c, t);
            Audit.Write(c, t, actor, now, "setting.changed", Setting, new Change(Setting, Said(before), to.ToString()));
            return null;
        });
        if (problem is null) work.Wake();
        return problem;
    }

    public static string? Said(Workday horizon) => horizon == Workday.Beginning ? null : horizon.ToString();

    /// <summary>Why it cannot move there now; null where it can.</summary>
    public static string? Problem(DbConnection connection, DbTransaction transaction, Snapshot snapshot, Workday to, long now)
    {
        if (snapshot.Floor.Site is not { } home) return Ui.Text("There is no site yet.");
        if (to < snapshot.Rules.Horizon) return Ui.Text("The horizon only moves forward: what is gone stays gone.");
        if (to > home.Clock.WorkdayOf(now).Plus(-KeptDays)) return Ui.Text("The last 90 days are always kept: choose an earlier day.");
        if (to.Plus(-1) > snapshot.Floor.ClosedEverywhere)
            return Ui.Text("Workdays before it have not closed yet. Try again in a few minutes.");
        return IsOpen(connection, transaction, now)
            ? Ui.Text("Earlier work is still being counted or decided. Try again when that is done.")
            : null;
    }

    /// <summary>Whether anything of the past is still to be counted or decided.</summary>
    private static bool IsOpen(DbConnection connection, DbTransaction transaction, long now) => connection.ExecuteScalar<long>(
        """
        SELECT (SELECT count(*) FROM work WHERE kind <> @Kind AND (due <= @now OR attempts > 0))
          + (SELECT count(*) FROM metric WHERE ready = 0)
        """, new { PurgeActivities.Kind, now }, transaction) > 0;

    /// <summary>
    /// In a transaction that holds the rules, and says afterwards that they have changed. Awards that hold and were earned before the
    /// horizon, or in a period that touches a workday before it, are facts from now on.
    /// </summary>
    public static void Apply(DbConnection connection, DbTransaction transaction, Snapshot snapshot, Workday to, long now)
    {
        connection.Execute(
            "INSERT INTO setting (name, value) VALUES (@Setting, @to) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { Setting, to = to.ToString() }, transaction);
        const string Standing = "UPDATE award SET settled = 1 WHERE settled = 0 AND flagged_at IS NULL";
        foreach (var rule in snapshot.Rules.Rules)
        {
            // What was before a first in a project may go.
            if (rule.Current.IsRecorded) Backfill.Enqueue(connection, transaction, rule.Achievement, now);
            var of = rule.Achievement.Value;
            if (!rule.Current.IsOfAllTime())
            {
                var first = RuleFailure.Of(rule.Achievement, () => snapshot.Rules.Decision(rule)?.FirstBehind(to)) ?? to;
                connection.Execute($"{Standing} AND achievement = @of AND first < @first", new { of, first = first.Number }, transaction);
                continue;
            }
            connection.Execute($"{Standing} AND achievement = @of AND earned_at < @sure", new { of, sure = EarliestStart(to) },
                transaction);
            // What is decided when a workday has closed is earned at the first instant of the next one, by work of before it. Who moves
            // over the date line may have left a workday out: it begins after the one that follows it.
            var byDayEnd = !snapshot.Rules.IsLive(rule.InForce(to.Plus(-1)).Rule);
            // A workday begins at its own time at each site.
            foreach (var (key, person, at) in connection.Query<(long, long, long)>(
                "SELECT key, person, earned_at FROM award WHERE achievement = @of AND settled = 0 AND earned_at <= @latest",
                new { of, latest = LatestStart(to) }, transaction).ToList())
                if (snapshot.Floor.Person(new PersonKey(person)) is { } whose
                    && (at < whose.StartOf(to) || (byDayEnd && (at == whose.StartOf(to) || at == whose.StartOf(to.Plus(-1))))))
                    connection.Execute($"{Standing} AND key = @key", new { key }, transaction);
        }
        WorkQueue.Enqueue(connection, transaction, PurgeActivities.Kind, "", now);
    }

    /// <summary>What is held and too old at any site, among the next so many after an identity.</summary>
    internal static (List<(long Source, byte[] Id)> Gone, (long Source, byte[] Id)? Last) HeldBefore(
        DbConnection connection, DbTransaction? transaction, Workday horizon, (long Source, byte[] Id) after, int most)
    {
        var gone = new List<(long, byte[])>();
        (long, byte[])? last = null;
        foreach (var (source, id, body) in connection.Query<(long, byte[], string)>(
            "SELECT source, id, body FROM held WHERE (source, id) > (@Source, @Id) ORDER BY source, id LIMIT @most",
            new { after.Source, after.Id, most }, transaction, buffered: false))
        {
            last = (source, id);
            if (Activities.HeldActivity.Read("", id, body).At < EarliestStart(horizon)) gone.Add((source, id));
        }
        return (gone, last);
    }
}
