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
public sealed class Backfill(
    Database database, CatalogueStore catalogue, PersonStamps stamps, Draws draws, LiveHub live, TimeProvider time)
{
    public const string Kind = "backfill";
    /// <summary>What open pages are told when it has come further.</summary>
    public const string Topic = "backfill";
    /// <summary>Written by one transaction at most, so that live work does not wait long.</summary>
    private const int MostPeople = 100, MostAwards = 1_000;
    private static readonly WorkdaySpan Everything = new(Workday.Beginning, Workday.End);

    /// <summary>Several that are due at once read history once. Each transaction holds its people in the order of their keys.</summary>
    public WorkKind Work => new(Kind, 50, Run) { TogetherAmongNodes = 50 };

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

    private void Run(IReadOnlyList<WorkItem> items, CancellationToken cancel)
    {
        // In this order: whoever changes after the stamps were read is decided anew, also when the snapshot has it already.
        var since = stamps.Read();
        using var connection = database.Read();
        using var reading = database.Snapshot(connection);
        var snapshot = catalogue.Current(connection, reading);
        var ruled = items.Select(item => (Item: item, Rule: snapshot.Rules.Rule(Of(item.Subject)))).ToList();
        var ofPeople = ruled.Where(r => r.Rule is not null && snapshot.Rules.Decision(r.Rule) is not null).ToList();
        if (ofPeople.Count > 0)
            RunPeople([.. ofPeople.Select(r => r.Item)], connection, reading, since, snapshot,
                [.. ofPeople.Select(r => r.Rule!).Distinct().Where(r => !r.Follows.Any())], cancel);
        RunFollowers([.. ofPeople.Where(r => r.Rule!.Follows.Any()).Select(r => r.Item)], snapshot, cancel);
        foreach (var (item, rule) in ruled)
            if (rule is not null && snapshot.Rules.Contest(rule) is not null) RunPeriods(item, connection, snapshot, rule, cancel);
        foreach (var (item, rule) in ruled)
            if (rule is not null && rule.Current.FirstOf().Count > 0) RunProjects(item, connection, snapshot, rule, cancel);
        database.Write((c, t) =>
        {
            Rulebook.Share(c, t);
            // Of the past nothing is drawn.
            var current = catalogue.Current(c, t);
            foreach (var achievement in ruled.Select(r => r.Rule).OfType<RuleHistory>().Where(r => r.Current.IsDrawn())
                .Select(r => r.Achievement).Distinct())
                if (current.Rules.Rule(achievement) is { } rule) draws.Plan(c, t, current, rule, Now);
            WorkQueue.Complete(c, t, items);
        });
        live.Changed(Topic);
    }

    /// <summary>Projects that were made while it was on: who has won stays the winner, in the others the first of all wins.</summary>
    private void RunProjects(WorkItem item, DbConnection connection, Snapshot snapshot, RuleHistory rule, CancellationToken cancel)
    {
        var projects = ProjectsOf(connection, rule, new(Workday.Beginning, Workday.End));
        var done = 0;
        foreach (var chunk in projects.Chunk(MostPeople))
        {
            cancel.ThrowIfCancellationRequested();
            done += chunk.Length;
            var made = database.Write((c, t) =>
            {
                Rulebook.Share(c, t);
                var (now, current, touched) = (Now, catalogue.Current(c, t), new TouchedAwards());
                if (current.Rules.Rule(rule.Achievement) is not { } latest) return [];
                var made = FirstsInProjects.Decide(c, t, current, chunk, now, touched, latest);
                made.AddRange(Followers.Run(c, t, current, touched, now));
                WorkQueue.Progress(c, t, item, done, projects.Count, now);
                return NoticeStore.Tell(c, t, made, now);
            });
            live.Awarded(made);
            live.Changed(Topic);
        }
    }

    /// <summary>
    /// Decides everybody against one reading, then writes in chunks. Whose work has changed since that reading is decided anew
    /// in the chunk's transaction.
    /// </summary>
    private void RunPeople(
        IReadOnlyList<WorkItem> items, DbConnection connection, DbTransaction reading, PersonStamps.Reading since, Snapshot snapshot,
        IReadOnlyList<RuleHistory> rules, CancellationToken cancel)
    {
        // Also what was earned before a history that begins anew: it does not hold any more.
        var (done, all) = (0, snapshot.Floor.People.Count);
        var chunk = new List<(PersonKey Person, IReadOnlyList<Decided> Decided)>();
        var awards = 0;
        foreach (var one in new EvaluateEverybody(snapshot, rules).Decide(connection, reading, Everything, Now))
        {
            chunk.Add(one);
            awards += one.Decided.Sum(d => d.Earned.Count);
            if (chunk.Count == MostPeople || awards >= MostAwards) Write();
        }
        if (chunk.Count > 0) Write();

        void Write()
        {
            cancel.ThrowIfCancellationRequested();
            done += chunk.Count;
            var now = Now;
            var made = database.Write((c, t) =>
            {
                Rulebook.Share(c, t);
                List<PersonKey> people = [.. chunk.Select(p => p.Person)];
                PersonLocks.Take(c, t, people);
                var current = catalogue.Current(c, t);
                var again = current.Version == snapshot.Version ? stamps.Changed(c, t, people, since) : people.ToHashSet();
                var touched = new TouchedAwards();
                var made = AwardStore.Reconcile(c, t,
                    [.. chunk.Where(p => !again.Contains(p.Person)).SelectMany(p => p.Decided)], now, touched);
                made.AddRange(EvaluatePerson.Run(c, t, current,
                [
                    .. rules.Select(r => current.Rules.Rule(r.Achievement)).OfType<RuleHistory>()
                        .SelectMany(rule => again.Select(person => (rule, person, Everything))),
                ], now, touched));
                made.AddRange(Followers.Run(c, t, current, touched, now));
                foreach (var item in items) WorkQueue.Progress(c, t, item, done, all, now);
                return NoticeStore.Tell(c, t, made, now);
            });
            chunk.Clear();
            awards = 0;
            live.Awarded(made);
            live.Changed(Topic);
        }
    }

    /// <summary>
    /// What is decided by other awards, for who has any of these or one of its own; what it follows from is decided by now.
    /// </summary>
    private void RunFollowers(IReadOnlyList<WorkItem> items, Snapshot snapshot, CancellationToken cancel)
    {
        if (items.Count == 0) return;
        var achievements = items.Select(item => Of(item.Subject)).Distinct().ToList();
        var all = snapshot.Floor.People.Select(p => p.Key).Order().ToList();
        var done = 0;
        foreach (var people in all.Chunk(MostPeople))
        {
            cancel.ThrowIfCancellationRequested();
            done += people.Length;
            var made = database.Write((c, t) =>
            {
                Rulebook.Share(c, t);
                PersonLocks.Take(c, t, people);
                var (now, current, touched) = (Now, catalogue.Current(c, t), new TouchedAwards());
                var made = new List<NewAward>();
                foreach (var rule in achievements.Select(current.Rules.Rule).OfType<RuleHistory>().OrderBy(current.Rules.TurnOf))
                    // Who has nothing that it follows earns nothing; but by a version that follows nothing.
                    made.AddRange(EvaluatePerson.Run(c, t, current,
                    [
                        .. (rule.Versions.All(v => v.Follows.Any())
                            ? AwardStore.Holders(c, t, people, [.. rule.Follows, rule.Achievement])
                            : [.. people]).Select(person => (rule, person, Everything)),
                    ], now, touched));
                made.AddRange(Followers.Run(c, t, current, touched, now));
                foreach (var item in items) WorkQueue.Progress(c, t, item, done, all.Count, now);
                return NoticeStore.Tell(c, t, made, now);
            });
            live.Awarded(made);
            live.Changed(Topic);
        }
    }

    /// <summary>
    /// Projects made in a range that may be won, while the rule's history counts, or have been: what flagged such an award may go.
    /// </summary>
    public static List<long> ProjectsOf(DbConnection connection, RuleHistory rule, WorkdaySpan range) =>
        [.. connection.Query<long>(
            """
            SELECT key FROM project p WHERE day >= @first AND day <= @last
              AND (day >= @open OR EXISTS (SELECT 1 FROM first_in_project f WHERE f.achievement = @a AND f.project = p.key))
            ORDER BY key
            """,
            new
            {
                a = rule.Achievement.Value, first = range.First.Number, last = range.Last.Number,
                open = Workday.Max(rule.CountsFrom, rule.Horizon).Number,
            })];

    /// <summary>Last workdays of closed periods with a workday of a range, of a rule that is decided between people.</summary>
    public static List<Workday> PeriodsOf(DbConnection connection, Snapshot snapshot, RuleHistory rule, WorkdaySpan range)
    {
        var extents = rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct()
            .Select(m => RollupStore.Extent(connection, snapshot.Rules.Metric(m))).OfType<WorkdaySpan>().ToList();
        if (extents.Count == 0) return [];
        var first = Workday.Max(Workday.Max(Workday.Max(rule.CountsFrom, rule.Horizon), extents.Min(e => e.First)), range.First);
        // A window of seven days goes on for six days after the last workday with data; a month for thirty.
        var last = Workday.Min(snapshot.Floor.ClosedEverywhere, extents.Max(e => e.Last).Plus(31));
        var ends = new List<Workday>();
        for (var day = first; day <= last; day = day.Plus(1))
            if (EvaluatePeriod.EndingWith(rule, snapshot.Rules, day) is { } end
                && snapshot.Rules.Contest(rule)!.EndingOn(end) is { } period && period.First <= range.Last) ends.Add(end);
        return ends;
    }

    private void RunPeriods(WorkItem item, DbConnection connection, Snapshot snapshot, RuleHistory rule, CancellationToken cancel)
    {
        var ends = PeriodsOf(connection, snapshot, rule, new(Workday.Beginning, Workday.End));
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
                var touched = new TouchedAwards();
                var made = chunk.SelectMany(end => EvaluatePeriod.Decide(c, t, current, latest, end, now, touched)).ToList();
                made.AddRange(Followers.Run(c, t, current, touched, now));
                WorkQueue.Progress(c, t, item, done + chunk.Length, ends.Count, now);
                return NoticeStore.Tell(c, t, made, now);
            });
            done += chunk.Length;
            live.Awarded(awards);
            live.Changed(Topic);
        }
    }
}
