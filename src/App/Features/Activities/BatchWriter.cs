using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Presence;
using Laurel.App.Features.Projects;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>What one transaction did: an answer per item, the awards it made, and what pages may want to read again.</summary>
public sealed record BatchOutcome(
    IReadOnlyList<ItemResult> Results, IReadOnlyList<NewAward> Awards, IReadOnlySet<MetricKey> Metrics, bool WorkIsDue)
{
    public static readonly BatchOutcome Nothing = new([], [], new HashSet<MetricKey>(), false);

    /// <summary>What both did, in one transaction, with the answers of this one.</summary>
    public BatchOutcome And(BatchOutcome more) => new(
        Results, [.. Awards, .. more.Awards], Metrics.Union(more.Metrics).ToHashSet(), WorkIsDue || more.WorkIsDue);
}

/// <summary>What one step of undoing an import did.</summary>
/// <param name="Last">The newest activity that it took back.</param>
public sealed record UndoneChunk(BatchOutcome Outcome, long Dropped, long Voided, long Last);

/// <summary>
/// Takes a batch of activities into the database, in the caller's transaction: identities, activities, rollups, running totals,
/// awards, notices. Not for two threads at once; a node writes with one connection.
/// </summary>
public sealed class BatchWriter(Database database, CatalogueStore catalogue, PersonStamps stamps, TimeProvider time)
{
    /// <summary>Of what was held, so many at a time.</summary>
    private const int Chunk = 4_000;

    /// <summary>Clocks lie up to 26 hours apart, a status holds for a day, and what is told may be a day ahead.</summary>
    private const int DaysAboutMoves = 4;

    private readonly Dictionary<string, long> sources = new(StringComparer.Ordinal);
    private readonly RunningTotals totals = RunningTotals.For(database.Dialect);
    private readonly NameProjects projects = new();
    private DbConnection? known;

    public BatchOutcome Take(DbConnection connection, DbTransaction transaction, IReadOnlyList<IncomingActivity> items) =>
        Safely(connection, () =>
        {
            Rulebook.Share(connection, transaction);
            var (outcome, created) = Run(connection, transaction, items);
            // Who was created here may have been waited for.
            foreach (var person in created) outcome = outcome.And(ReplayChunks(connection, transaction, person));
            ImportedActivities.Count(connection, transaction, items, outcome.Results);
            return outcome;
        });

    /// <summary>What Laurel itself says of people who are held, in the caller's transaction, which shares the rules.</summary>
    public BatchOutcome TakeOwn(DbConnection connection, DbTransaction transaction, IReadOnlyList<IncomingActivity> items) =>
        Safely(connection, () => RunOwn(connection, transaction, catalogue.Current(connection, transaction), items, []));

    /// <summary>
    /// Brings in what waited for a person who is known now. Runs in the caller's transaction; after its commit the caller tells the
    /// outcome (<see cref="Intake.Tell"/>).
    /// </summary>
    /// <param name="countFor">Whose they are instead; must be known. The identities keep what was sent, so that the same sent again
    /// is a duplicate.</param>
    public BatchOutcome Replay(DbConnection connection, DbTransaction transaction, string person, string? countFor = null) =>
        Safely(connection, () => ReplayChunks(connection, transaction, person, countFor));

    /// <summary>
    /// Takes what came by an external identity in anew, after it was linked otherwise: it counts for somebody else, or waits. Counts as
    /// voids and late arrivals.
    /// </summary>
    public BatchOutcome Resettle(DbConnection connection, DbTransaction transaction, long identity, string awaited) =>
        Safely(connection, () =>
        {
            var all = BatchOutcome.Nothing;
            var (after, last) = (0L, ActivityStore.LastOf(connection, transaction, identity));
            // What lies before the horizon stays with whom it counted for.
            var first = catalogue.Current(connection, transaction).Rules.Horizon;
            while (ActivityStore.OfIdentity(connection, transaction, identity, first, after, last, Chunk) is { Count: > 0 } chunk)
            {
                after = chunk[^1].Activity.Key;
                connection.Execute("DELETE FROM activity_of_identity WHERE identity = @identity AND activity <= @after",
                    new { identity, after }, transaction);
                connection.Execute(
                    "DELETE FROM activity_key WHERE activity = @Key AND id = @Id AND source = (SELECT key FROM source WHERE id = @Source)",
                    chunk.Select(k => new { k.Activity.Key, Id = k.Activity.Id.ToArray(), k.Activity.Source }), transaction);
                var items = chunk.Select(k => k.Activity.AsSent(awaited, k.Version)).ToList();
                var (outcome, _) = Run(connection, transaction, items, [.. chunk.Select(k => k.Activity)]);
                for (var i = 0; i < items.Count; i++)
                    if (outcome.Results[i].Outcome == ItemOutcome.Rejected)
                        HeldActivity.Return(connection, transaction, items[i], time.GetUtcNow().ToUnixTimeMilliseconds());
                all = all.And(outcome);
            }
            return all;
        });

    /// <summary>
    /// Takes back some of what a run of <c>laurel import</c> brought and nobody has said otherwise about since: first all that waits, then,
    /// chunk by chunk in order of arrival, what counts. The caller holds the rules.
    /// </summary>
    public UndoneChunk Undo(DbConnection connection, DbTransaction transaction, long import, long after, int most = Chunk)
    {
        var chunk = new UndoneChunk(BatchOutcome.Nothing, 0, 0, after);
        Safely(connection, () =>
        {
            var dropped = ImportedActivities.Drop(connection, transaction, import);
            // What lies before the horizon stays as it was counted.
            var first = catalogue.Current(connection, transaction).Rules.Horizon;
            var brought = ActivityStore.OfImport(connection, transaction, import, after, first, most);
            var last = brought.Count > 0 ? brought[^1].Key : after;
            ImportedActivities.Void(connection, transaction, import, after, last, first.Number);
            var outcome = brought.Count > 0 ? Run(connection, transaction, [], brought).Outcome : BatchOutcome.Nothing;
            chunk = new(outcome, dropped, brought.Count, last);
            return outcome;
        });
        return chunk;
    }

    /// <summary>
    /// After people or teams were said to be elsewhere: what they did is placed anew, and what they have earned is decided anew. In the
    /// transaction that says it, after <see cref="Rulebook.TouchFloor"/>.
    /// </summary>
    public BatchOutcome Move(DbConnection connection, DbTransaction transaction, Moves moves) => moves.IsNone
        ? BatchOutcome.Nothing
        : Safely(connection, () =>
        {
            var people = moves.People.Keys.ToHashSet();
            PersonLocks.Take(connection, transaction, people);
            stamps.Advance(connection, transaction, people);
            var (snapshot, now) = (catalogue.Current(connection, transaction), time.GetUtcNow().ToUnixTimeMilliseconds());
            var rollups = PlaceAnew.Run(connection, transaction, snapshot, moves);
            totals.Begin(Statements.Of(connection), snapshot);
            var rules = new BatchRules(connection, transaction, snapshot, totals, now);
            rules.Load(rollups);
            foreach (var (person, from) in moves.People) rules.DecideAnew(person, from.Plus(-PlaceAnew.DaysBefore));
            var awards = NoticeStore.Tell(connection, transaction, rules.Apply(rollups), now);
            OtherNodes.TellMetrics(connection, transaction, rollups.Metrics);
            var placed = new BatchOutcome([], awards, rollups.Metrics, rules.WorkIsDue);
            // Midnight is elsewhere by now, from some days before the move to what may still be to come.
            return snapshot.Rules.Presence is null ? placed : placed.And(CountSegments(connection, transaction, moves.People.Select(p =>
                new PresenceDays(p.Key, new(Workday.Max(snapshot.Rules.Horizon, p.Value.Plus(-DaysAboutMoves)),
                    snapshot.Floor.LatestDay(now).Plus(DaysAboutMoves))))));
        });

    /// <summary>
    /// Brings what is kept of people's presence on some workdays into line with their status changes and the time, in the caller's
    /// transaction.
    /// </summary>
    public BatchOutcome CountPresence(DbConnection connection, DbTransaction transaction, IReadOnlyList<PresenceDays> spans) =>
        spans.Count == 0
            ? BatchOutcome.Nothing
            : Safely(connection, () =>
            {
                Rulebook.Share(connection, transaction);
                PersonLocks.Take(connection, transaction, spans.Select(s => s.Person).ToHashSet());
                return CountSegments(connection, transaction, spans);
            });

    /// <summary>
    /// Decides again who is first in projects whose activities have become others, in the caller's transaction, which holds the rules.
    /// </summary>
    public BatchOutcome DecideProjects(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<long> projects) =>
        Safely(connection, () =>
        {
            var (snapshot, now, touched) =
                (catalogue.Current(connection, transaction), time.GetUtcNow().ToUnixTimeMilliseconds(), new TouchedAwards());
            var awards = FirstsInProjects.Decide(connection, transaction, snapshot, projects, now, touched);
            awards.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
            return BatchOutcome.Nothing with { Awards = NoticeStore.Tell(connection, transaction, awards, now) };
        });

    private BatchOutcome Safely(DbConnection connection, Func<BatchOutcome> work)
    {
        try
        {
            if (known != connection) Begin(connection);
            return work();
        }
        catch
        {
            // The transaction is undone; what was remembered of it must go, too.
            Forget();
            throw;
        }
    }

    private BatchOutcome ReplayChunks(DbConnection connection, DbTransaction transaction, string person, string? countFor = null)
    {
        var all = BatchOutcome.Nothing;
        foreach (var held in HeldActivity.Release(connection, transaction, person, Chunk))
        {
            var (outcome, _) = Run(connection, transaction, countFor is null ? held : [.. held.Select(a => a with { Person = countFor })]);
            // What the declared types refuse by now waits on: it was acknowledged, and a later declaration may take it.
            for (var i = 0; i < held.Count; i++)
                if (outcome.Results[i].Outcome == ItemOutcome.Rejected)
                    HeldActivity.Return(connection, transaction, held[i], time.GetUtcNow().ToUnixTimeMilliseconds());
                else if (countFor is not null)
                    HeldActivity.KeepAsSent(connection, transaction, held[i]);
            all = all.And(outcome);
        }
        return all;
    }

    private (BatchOutcome Outcome, IReadOnlyCollection<string> Created) Run(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<IncomingActivity> items,
        IReadOnlyList<KeptActivity>? displaced = null)
    {
        var snapshot = catalogue.Current(connection, transaction);
        var unknown = items.Select(i => i.Person).OfType<string>()
            .Where(p => p.Length > 0 && snapshot.Floor.Person(p) is null).ToHashSet(StringComparer.Ordinal);
        if (unknown.Count > 0)
        {
            // One of them may just have been made.
            PersonLocks.TakeNames(connection, transaction, unknown);
            snapshot = catalogue.Current(connection, transaction);
        }
        totals.Begin(Statements.Of(connection), snapshot);
        var batch = new Batch(
            connection, transaction, snapshot, catalogue, totals, stamps, sources, projects, time.GetUtcNow().ToUnixTimeMilliseconds());
        var (outcome, created) = batch.Run(items, displaced ?? []);
        if (batch.StatusChanges.Count == 0) return (outcome, created);
        var after = catalogue.Current(connection, transaction);
        return (after.Rules.Presence is not { } rules ? outcome : outcome.And(CountSegments(connection, transaction,
            batch.StatusChanges.Select(c => PresenceSegments.Touched(after.Floor.Person(c.Person)!, rules, c.At)))), created);
    }

    /// <summary>Brings what is kept of people's presence on some workdays into line with their status changes; they are held.</summary>
    private BatchOutcome CountSegments(DbConnection connection, DbTransaction transaction, IEnumerable<PresenceDays> spans)
    {
        var (snapshot, now) = (catalogue.Current(connection, transaction), time.GetUtcNow().ToUnixTimeMilliseconds());
        var (fresh, stale) = PresenceSegments.Compare(connection, transaction, snapshot, PresenceSegments.Joined(spans), now);
        if (fresh.Count + stale.Count == 0) return BatchOutcome.Nothing;
        connection.Execute(
            "DELETE FROM activity_key WHERE id = @Id AND activity = @Key AND source = (SELECT key FROM source WHERE id = @Source)",
            stale.Select(s => new { s.Key, Id = s.Id.ToArray(), s.Source }), transaction);
        return RunOwn(connection, transaction, snapshot, fresh, stale);
    }

    private BatchOutcome RunOwn(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IReadOnlyList<IncomingActivity> items,
        IReadOnlyList<KeptActivity> displaced)
    {
        totals.Begin(Statements.Of(connection), snapshot);
        return new Batch(connection, transaction, snapshot, catalogue, totals, stamps, sources, projects,
            time.GetUtcNow().ToUnixTimeMilliseconds(), isOwn: true).Run(items, displaced).Outcome;
    }

    /// <summary>Drops what is remembered of the database: after a failed commit, or when others have written.</summary>
    public void Forget()
    {
        totals.Clear();
        sources.Clear();
        projects.Forget();
        catalogue.Forget();
        known = null;
    }

    private void Begin(DbConnection connection)
    {
        Forget();
        known = connection;
    }
}
