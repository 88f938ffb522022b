using System.Data.Common;
using Dapper;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>An achievement that is set aside.</summary>
/// <param name="Since">UTC milliseconds.</param>
/// <param name="Error">What its rule failed with, as the program says it.</param>
public sealed record FailedRule(AchievementKey Achievement, long Since, string Error)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(Since);
}

/// <summary>
/// One rule that fails must not stop everybody's work: its achievement is set aside, and whatever decided it goes on without it. Once
/// any rule or metric has changed, once an hour, and when Laurel starts, it is taken up again: its whole history is decided anew, so that
/// nothing that it owes is lost. What it had awarded stays meanwhile.
/// </summary>
public sealed class SetAside(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time, ILogger<SetAside> log)
    : IHostedService
{
    private const long HourMs = 3_600_000;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.Mend = failure => failure is RuleFailure of && Keep(of);
        // A new start is often a new version of Laurel.
        TakeUp((_, _) => true);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Those that nothing is decided by, by key.</summary>
    public static List<FailedRule> All(DbConnection connection) =>
        [.. connection.Query<(long Achievement, long Since, string Error)>(
            "SELECT achievement, since, error FROM set_aside WHERE active = 1 ORDER BY achievement")
            .Select(r => new FailedRule(new(r.Achievement), r.Since, r.Error))];

    public static FailedRule? Find(DbConnection connection, AchievementKey achievement) =>
        All(connection).Find(failed => failed.Achievement == achievement);

    /// <summary>Asked every few seconds: sets aside what cannot even be read, and takes up what may work by now.</summary>
    public void Look()
    {
        IReadOnlyList<RuleFailure> unreadable;
        using (var connection = database.Read()) unreadable = catalogue.Current(connection).Rules.Unreadable;
        foreach (var failure in unreadable) Keep(failure);
        TakeUp((row, version) => row.Rules != version || row.Tried + HourMs <= Now);
    }

    /// <summary>Takes one up at once. False where it is not set aside.</summary>
    public bool TryAgain(AchievementKey achievement) => TakeUp((row, _) => row.Achievement == achievement.Value);

    /// <summary>Whether it is set aside now and was not before: then what failed by it goes on without it.</summary>
    private bool Keep(RuleFailure failure)
    {
        var kept = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var isNew = c.Execute(
                """
                INSERT INTO set_aside (achievement, active, since, tried, rules, error) VALUES (@Value, 1, @now, @now, @version, @Message)
                ON CONFLICT (achievement) DO UPDATE SET active = 1, tried = excluded.tried, rules = excluded.rules, error = excluded.error
                WHERE set_aside.active = 0
                """, new { failure.Achievement.Value, now = Now, version = Rulebook.RulesVersion(c, t), failure.Message }, t) > 0;
            if (isNew) Move(c, t);
            return isNew;
        });
        if (!kept) return false;
        log.LogError(failure.InnerException, "The rule of achievement {Achievement} failed; it is set aside, and all else goes on.",
            failure.Achievement.Value);
        live.Changed("achievements");
        return true;
    }

    private sealed record Row(long Achievement, long Active, long Tried, long Rules);

    private bool TakeUp(Func<Row, long, bool> isDue)
    {
        using (var connection = database.Read())
            if (!connection.Query<Row>("SELECT achievement, active, tried, rules FROM set_aside").Any()) return false;
        var taken = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            // What was taken up and has been decided to its end holds.
            c.Execute(
                """
                DELETE FROM set_aside WHERE active = 0
                  AND CAST(achievement AS TEXT) NOT IN (SELECT subject FROM work WHERE kind = @Kind)
                """, new { Backfill.Kind }, t);
            var version = Rulebook.RulesVersion(c, t);
            var due = c.Query<Row>("SELECT achievement, active, tried, rules FROM set_aside WHERE active = 1", transaction: t)
                .Where(row => isDue(row, version)).ToList();
            foreach (var row in due)
            {
                c.Execute("UPDATE set_aside SET active = 0 WHERE achievement = @Achievement", row, t);
                Backfill.Enqueue(c, t, new(row.Achievement), Now);
            }
            if (due.Count > 0) Move(c, t);
            return due.Count > 0;
        });
        if (taken) live.Changed("achievements");
        return taken;
    }

    /// <summary>Everybody reads the rules again; this is no change by which others that are set aside might work.</summary>
    private static void Move(DbConnection connection, DbTransaction transaction)
    {
        var before = Rulebook.RulesVersion(connection, transaction);
        Rulebook.TouchRules(connection, transaction);
        connection.Execute("UPDATE set_aside SET rules = @after WHERE rules = @before",
            new { before, after = Rulebook.RulesVersion(connection, transaction) }, transaction);
    }
}
