using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// An achievement that is tried out: it is decided as any other, by the same history of its rule, so that its awards are as much a function
/// of the facts as others; only nobody but those who manage achievements sees or hears of them. Going live either keeps them, or begins
/// the history anew with today, and then what was computed does not follow from it any more and is deleted, recorded facts (draws,
/// firsts in projects) as well: nobody had it.
/// </summary>
public static class TestMode
{
    /// <summary>Why a rule cannot be tested; null where it can.</summary>
    public static string? Problem(Rule rule) =>
        rule.IsByHand() ? "cannot be tested: it is given by hand, and nothing is computed; leave 'test' out" : null;

    /// <summary>
    /// A test computes over everybody: it is for those who manage achievements and see the whole organisation, so not for leaders.
    /// </summary>
    public static bool MaySee(this CurrentPerson me) =>
        me.Allows(Permissions.AchievementsManage) && me.ScopeOf(Permissions.AchievementsManage) == DataScope.Company;

    /// <summary>Rules that are live and decided by one that is in test: its awards would be seen through theirs.</summary>
    public static IEnumerable<(AchievementKey Follower, AchievementKey Followed)> Untested(
        DbConnection connection, DbTransaction transaction, RuleSet rules)
    {
        var testing = connection.Query<long>("SELECT key FROM achievement WHERE testing = 1", transaction: transaction)
            .Select(k => new AchievementKey(k)).ToHashSet();
        return testing.Count == 0 ? [] : rules.Rules.Where(r => !testing.Contains(r.Achievement))
            .SelectMany(r => r.Follows.Where(testing.Contains).Select(f => (r.Achievement, f)));
    }

    public static void Begin(DbConnection connection, DbTransaction transaction, AchievementKey achievement) =>
        connection.Execute("UPDATE achievement SET testing = 1 WHERE key = @Value", new { achievement.Value }, transaction);

    /// <summary>
    /// Live with all that was computed; who has it is told of it as of earlier work. The caller says that the rules changed.
    /// </summary>
    public static List<NewAward> Keep(DbConnection connection, DbTransaction transaction, AchievementKey achievement, long now)
    {
        connection.Execute("UPDATE achievement SET testing = 0 WHERE key = @Value", new { achievement.Value }, transaction);
        // Nothing was announced so far.
        connection.Execute("UPDATE award SET announced_at = @now WHERE achievement = @Value AND revoked_at IS NULL",
            new { achievement.Value, now }, transaction);
        var kept = connection.Query<(long Key, long Person, long At)>(
            """
            SELECT key, person, earned_at FROM award
            WHERE achievement = @Value AND revoked_at IS NULL AND flagged_at IS NULL ORDER BY key
            """, new { achievement.Value }, transaction);
        return NoticeStore.Tell(
            connection, transaction, [.. kept.Select(w => new NewAward(w.Key, new(w.Person), achievement, w.At))], now);
    }

    /// <summary>Live as if it had just been made: its latest rule, and work from today on.</summary>
    private static void BeginAnew(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, bool isOn, Workday today, long now)
    {
        var of = new { achievement.Value, today = today.Number };
        foreach (var table in (string[])["first_in_project", "draw", "award"])
            connection.Execute($"DELETE FROM {table} WHERE achievement = @Value", of, transaction);
        connection.Execute("DELETE FROM work WHERE kind = @Kind AND subject LIKE @own",
            new { Draws.Kind, own = string.Create(CultureInfo.InvariantCulture, $"{achievement.Value}|%") }, transaction);
        connection.Execute(
            "UPDATE achievement SET testing = 0, from_enabling = 1, counts_from = @today WHERE key = @Value", of, transaction);
        connection.Execute(
            """
            DELETE FROM achievement_version WHERE achievement = @Value
              AND number < (SELECT max(l.number) FROM achievement_version l WHERE l.achievement = @Value)
            """, of, transaction);
        connection.Execute("UPDATE achievement_version SET number = 1, effective = @today WHERE achievement = @Value", of, transaction);
        SwitchedStore.Save(connection, transaction, achievement, isOn ? [new(today, null)] : []);
        Backfill.Enqueue(connection, transaction, achievement, now);
        if (isOn) Backfill.EnqueueStart(connection, transaction, achievement, today, after: now);
    }

    /// <summary>False where it is not in test, or what it is decided by still is. Gives who was told of what.</summary>
    public static (bool Done, IReadOnlyList<NewAward> Told) GoLive(
        DbConnection connection, DbTransaction transaction, CatalogueStore rules, AchievementKey achievement, bool keep, Actor actor,
        Workday today, long now)
    {
        var snapshot = rules.Current(connection, transaction);
        var testing = connection.Query<long>("SELECT key FROM achievement WHERE testing = 1", transaction: transaction).ToHashSet();
        if (!testing.Contains(achievement.Value) || snapshot.Rules.Rule(achievement) is not { } rule
            || rule.Follows.Any(f => testing.Contains(f.Value))) return (false, []);
        var before = SwitchedStore.Find(connection, transaction, achievement)!;
        IReadOnlyList<NewAward> told = [];
        if (keep) told = Keep(connection, transaction, achievement, now);
        else
        {
            BeginAnew(connection, transaction, achievement, Enabling.IsOn(before.Spans), today, now);
            // What is tried together with it is decided by its awards.
            foreach (var follower in snapshot.Rules.FollowersOf(achievement))
                Backfill.Enqueue(connection, transaction, follower.Achievement, now);
        }
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "achievement.live", LocalText.Parse(before.Name).In(Language.English),
            new Change("test", "yes", "no"), new Change("computed", null, keep ? "kept" : "dropped"));
        return (true, told);
    }
}
