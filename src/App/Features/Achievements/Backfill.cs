using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Awards what history already holds, with visible progress: when an achievement whose history counts is enabled, and when a
/// version or an enabled span starts. Gives the same awards as streaming.
/// </summary>
public sealed class Backfill(Database database, CatalogueStore catalogue, PersonStamps stamps, LiveHub live, TimeProvider time)
{
    public const string Kind = "backfill";
    /// <summary>What open pages are told when it has come further.</summary>
    public const string Topic = "backfill";
    private const int Chunk = 100;

    public WorkKind Work => new(Kind, 1, (items, cancel) => Run(items[0], cancel));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Asks for it now.</summary>
    public static void Enqueue(DbConnection connection, DbTransaction transaction, AchievementKey achievement, long now) =>
        WorkQueue.Enqueue(connection, transaction, Kind, achievement.Value.ToString(CultureInfo.InvariantCulture), now);

    /// <summary>
    /// Asks for it when a workday begins, at each site: a version or an enabled span starts then. A subject of its own, so that
    /// it is not done with when another one is asked for meanwhile.
    /// </summary>
    /// <param name="after">Only where it begins later than this: who asks does now what has begun.</param>
    public static void EnqueueStart(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday day, long after = long.MinValue)
    {
        foreach (var (site, zone) in connection.Query<(long, string)>("SELECT key, zone FROM site ORDER BY key", transaction: transaction))
            if (SiteClock.Find(zone)!.StartOf(day) is var start && start > after)
                EnqueueStart(connection, transaction, achievement.Value, day.Number, site, start);
    }

    /// <summary>The starts that are still to come, at a site that is new or has another zone.</summary>
    public static void EnqueueStarts(DbConnection connection, DbTransaction transaction, long site, SiteClock clock, long now)
    {
        connection.Execute("DELETE FROM work WHERE kind = @Kind AND subject LIKE @own AND due > @now",
            new { Kind, own = string.Create(CultureInfo.InvariantCulture, $"%|%|{site}"), now }, transaction);
        foreach (var (achievement, day) in connection.Query<(long, int)>(
            """
            SELECT achievement, effective FROM achievement_version WHERE effective > @today
            UNION SELECT achievement, from_day FROM achievement_span WHERE from_day > @today ORDER BY 1, 2
            """, new { today = clock.WorkdayOf(now).Number }, transaction).ToList())
            EnqueueStart(connection, transaction, achievement, day, site, clock.StartOf(new(day)));
    }

    private static void EnqueueStart(
        DbConnection connection, DbTransaction transaction, long achievement, int day, long site, long due) =>
        WorkQueue.Enqueue(connection, transaction, Kind, string.Create(CultureInfo.InvariantCulture, $"{achievement}|{day}|{site}"), due);

    /// <summary>Whose history an item of work counts.</summary>
    public static AchievementKey Of(string subject) => new(long.Parse(subject.Split('|')[0], CultureInfo.InvariantCulture));

    private void Run(WorkItem item, CancellationToken cancel)
    {
        var achievement = Of(item.Subject);
        // In this order: whoever changes after the stamps were read is decided anew, also when the snapshot has it already.
        var since = stamps.Read();
        using var connection = database.Read();
        using var reading = database.Snapshot(connection);
        var snapshot = catalogue.Current(connection, reading);
        switch (snapshot.Rules.Rule(achievement))
        {
            case null: break;
            case { Current: BestOfPeriod } rule: RunPeriods(item, connection, snapshot, rule, cancel); break;
            case var rule: RunPeople(item, connection, reading, since, snapshot, rule, cancel); break;
        }
        database.Write((c, t) => WorkQueue.Complete(c, t, [item]));
        live.Changed(Topic);
    }

    /// <summary>
    /// Decides everybody against one reading, then writes in chunks. Whose work has changed since that reading is decided anew
    /// in the chunk's transaction.
    /// </summary>
    private void RunPeople(
        WorkItem item, DbConnection connection, DbTransaction reading, PersonStamps.Reading since, Snapshot snapshot, RuleHistory rule,
        CancellationToken cancel)
    {
        // Also what was earned before a history that begins anew: it does not hold any more.
        var everything = new WorkdaySpan(Workday.Beginning, Workday.End);
        var decided = new EvaluateEverybody(snapshot, rule).Decide(connection, reading, everything, Now).ToList();
        var done = 0;
        foreach (var chunk in decided.Chunk(Chunk))
        {
            cancel.ThrowIfCancellationRequested();
            var now = Now;
            var awards = database.Write((c, t) =>
            {
                Rulebook.Share(c, t);
                PersonLocks.Take(c, t, [.. chunk.Select(p => p.Person)]);
                var current = catalogue.Current(c, t);
                var moved = current.Version != snapshot.Version;
                var changed = stamps.Changed(c, t, [.. chunk.Select(p => p.Person)], since);
                var made = new List<NewAward>();
                var stands = moved ? [] : chunk.Where(p => !changed.Contains(p.Person)).ToList();
                if (stands.Count > 0) made.AddRange(AwardStore.Reconcile(c, t, rule.Achievement, stands, now));
                if (current.Rules.Rule(rule.Achievement) is { } rule1)
                    foreach (var one in chunk)
                        if (moved || changed.Contains(one.Person))
                            made.AddRange(EvaluateThreshold.Run(c, t, current, rule1, one.Person, everything, now));
                NoticeStore.Tell(c, t, made, now);
                WorkQueue.Progress(c, t, item, done + chunk.Length, decided.Count, now);
                return made;
            });
            done += chunk.Length;
            live.Awarded(awards);
            live.Changed(Topic);
        }
    }

    private void RunPeriods(WorkItem item, DbConnection connection, Snapshot snapshot, RuleHistory rule, CancellationToken cancel)
    {
        var extents = rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct()
            .Select(m => RollupStore.Extent(connection, snapshot.Rules.Metric(m))).OfType<WorkdaySpan>().ToList();
        if (extents.Count == 0) return;
        var first = Workday.Max(rule.CountsFrom, extents.Min(e => e.First));
        // A window of seven days goes on for six days after the last workday with data; a month for thirty.
        var last = Workday.Min(snapshot.Floor.ClosedEverywhere, extents.Max(e => e.Last).Plus(31));
        var ends = new List<Workday>();
        for (var day = first; day <= last; day = day.Plus(1))
            if (EvaluatePeriod.EndingWith(rule, snapshot.Rules, day) is { } end) ends.Add(end);
        var done = 0;
        // Several periods share a transaction where nobody else holds people.
        foreach (var chunk in ends.Chunk(database.Dialect.IsShared ? 1 : 50))
        {
            cancel.ThrowIfCancellationRequested();
            var awards = database.Write((c, t) =>
            {
                var now = Now;
                Rulebook.Share(c, t);
                var current = catalogue.Current(c, t);
                if (current.Rules.Rule(rule.Achievement) is not { } latest) return [];
                var made = chunk.SelectMany(end => EvaluatePeriod.Decide(c, t, current, latest, end, now)).ToList();
                NoticeStore.Tell(c, t, made, now);
                WorkQueue.Progress(c, t, item, done + chunk.Length, ends.Count, now);
                return made;
            });
            done += chunk.Length;
            live.Awarded(awards);
            live.Changed(Topic);
        }
    }
}
