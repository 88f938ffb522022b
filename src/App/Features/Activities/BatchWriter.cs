using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>What one transaction did: an answer per item, the awards it made, and what pages may want to read again.</summary>
public sealed record BatchOutcome(
    IReadOnlyList<ItemResult> Results, IReadOnlyList<NewAward> Awards, IReadOnlySet<MetricKey> Metrics, bool WorkIsDue)
{
    public static readonly BatchOutcome Nothing = new([], [], new HashSet<MetricKey>(), false);

    /// <summary>What both did, in one transaction.</summary>
    public BatchOutcome And(BatchOutcome later) => new(
        [.. Results, .. later.Results], [.. Awards, .. later.Awards], Metrics.Union(later.Metrics).ToHashSet(), WorkIsDue || later.WorkIsDue);
}

/// <summary>
/// Takes a batch of activities into the database, in the caller's transaction: identity, activities, rollups, running totals,
/// awards, notices. Not for two threads at once; the writing transaction is held by one.
/// </summary>
public sealed class BatchWriter(CatalogueStore catalogue, PersonStamps stamps, TimeProvider time)
{
    private const long DayMs = 86_400_000;
    /// <summary>1900-01-01, in UTC milliseconds: what is earlier is a wrong clock or a wrong date format.</summary>
    private const long EarliestMs = -2_208_988_800_000;

    private readonly CatalogueStore catalogue = catalogue;
    private readonly PersonStamps stamps = stamps;
    private readonly TimeProvider time = time;
    private readonly TotalCache totals = new();
    private readonly Dictionary<string, long> sources = new(StringComparer.Ordinal);
    private Statements? prepared;
    private long nextKey;

    public BatchOutcome Take(DbConnection connection, DbTransaction transaction, IReadOnlyList<IncomingActivity> items)
    {
        try
        {
            if (prepared?.Connection != connection) Begin(connection, transaction);
            return new Batch(this, prepared!, transaction, catalogue.Current(connection, transaction)).Run(items);
        }
        catch
        {
            // The transaction is undone; what was remembered of it must go, too.
            Forget();
            throw;
        }
    }

    /// <summary>Drops what is remembered of the database: after a failed commit, or when others have written.</summary>
    public void Forget()
    {
        totals.Clear();
        sources.Clear();
        catalogue.Forget();
        prepared = null;
    }

    private void Begin(DbConnection connection, DbTransaction transaction)
    {
        Forget();
        prepared = Statements.Of(connection);
        nextKey = connection.ExecuteScalar<long>("SELECT coalesce(max(key), 0) + 1 FROM activity", transaction: transaction);
    }

    /// <summary>One run over one batch.</summary>
    private sealed class Batch(BatchWriter writer, Statements statements, DbTransaction transaction, Snapshot snapshot)
    {
        private readonly long now = writer.time.GetUtcNow().ToUnixTimeMilliseconds();
        private readonly DbConnection connection = statements.Connection;
        private readonly Dictionary<string, FloorPerson> created = new(StringComparer.Ordinal);
        private readonly BatchRollups rollups = new(snapshot);
        private readonly HashSet<PersonKey> touched = [];

        public BatchOutcome Run(IReadOnlyList<IncomingActivity> items)
        {
            writer.totals.FirstKeyOfBatch = writer.nextKey;
            var results = new ItemResult[items.Count];
            for (var i = 0; i < items.Count; i++) results[i] = TakeOne(items[i]);
            writer.stamps.Advance(touched);
            var rules = new BatchRules(statements, transaction, created.Count > 0 ? Reread() : snapshot, writer.totals, now);
            var awards = rules.Apply(rollups);
            NoticeStore.Tell(connection, transaction, awards, now);
            return new(results, awards, rollups.Metrics, rules.WorkIsDue);
        }

        /// <summary>People were created in this batch: rules that are decided anew need them on the floor.</summary>
        private Snapshot Reread() => writer.catalogue.Current(connection, transaction);

        private ItemResult TakeOne(IncomingActivity activity)
        {
            if (snapshot.Floor.Site is not { } home) return ItemResult.Rejected("no site has been set up yet");
            if (activity.At < EarliestMs) return ItemResult.Rejected("time is before 1900");
            if (activity.At > now + DayMs) return ItemResult.Rejected("time is more than a day in the future");
            if (snapshot.Rules.Type(activity.Type) is not { } type) return ItemResult.Rejected($"type '{activity.Type}' is not declared");
            if (type.Type.Refuses(activity) is { } reason) return ItemResult.Rejected(reason);

            var person = activity.Person is { Length: > 0 } id ? Person(id) : null;
            if (person is null && activity is { Person.Length: > 0, UnknownPerson: UnknownPerson.Create, IsVoid: false })
                person = Create(activity, home);
            var holds = person is null && activity is { Person.Length: > 0, IsVoid: false };
            (long Key, Site Site)? team = null;
            if (person is null && !holds && activity.Team is { Length: > 0 } teamId)
            {
                team = snapshot.Floor.Team(teamId);
                if (team is null) return ItemResult.Rejected($"team '{teamId}' is not known");
            }

            var source = Source(activity.Source);
            var content = ActivityBody.Fingerprint(activity);
            var key = holds || activity.IsVoid ? (long?)null : writer.nextKey;
            if (Claim(activity, source, content, key) is { } already) return already;
            if (holds) return Hold(activity, source);
            if (key is not { } fresh) return ItemResult.Accepted;

            writer.nextKey = fresh + 1;
            var day = person?.WorkdayOf(activity.At).Day ?? (team?.Site ?? home).Clock.WorkdayOf(activity.At);
            statements["INSERT INTO activity (key, source, id, type, person, team, at, day, body) VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8)"]
                .Bind(transaction, fresh, source, activity.Id.ToArray(), type.Key, person?.Key.Value, team?.Key, activity.At, day.Number,
                    ActivityBody.Write(activity)).Run();
            rollups.Add(activity, person?.Key, team?.Key, day);
            if (person is not null) touched.Add(person.Key);
            return ItemResult.Accepted;
        }

        /// <summary>Enters the identity. An answer when that is all there is to do: known already, or an older version.</summary>
        private ItemResult? Claim(IncomingActivity activity, long source, long content, long? key)
        {
            var id = activity.Id.ToArray();
            if (statements["INSERT INTO activity_key (source, id, version, content, activity) VALUES (@0, @1, @2, @3, @4) ON CONFLICT DO NOTHING"]
                    .Bind(transaction, source, id, activity.Version, content, key).Run() == 1) return null;
            long version, knownContent;
            long? replaced;
            using (var reader = statements["SELECT version, content, activity FROM activity_key WHERE source = @0 AND id = @1"]
                       .Bind(transaction, source, id).Read())
            {
                reader.Read();
                (version, knownContent, replaced) = (reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
            }
            if (activity.Version == version)
                return knownContent == content
                    ? ItemResult.Duplicate
                    : ItemResult.Rejected("conflict: this identity and version came before with other content; send a higher version to correct it");
            // Older than what is in force: taken note of, without effect.
            if (activity.Version < version) return ItemResult.Accepted;
            statements["UPDATE activity_key SET version = @2, content = @3, activity = @4 WHERE source = @0 AND id = @1"]
                .Bind(transaction, source, id, activity.Version, content, key).Run();
            statements["DELETE FROM held WHERE source = @0 AND id = @1"].Bind(transaction, source, id).Run();
            if (replaced is { } old) Remove(old);
            return null;
        }

        private void Remove(long key)
        {
            var old = ActivityStore.Find(connection, key, transaction)!;
            statements["DELETE FROM activity WHERE key = @0"].Bind(transaction, key).Run();
            rollups.Remove(old);
            if (old.Person is { } person) touched.Add(new(person));
        }

        private ItemResult Hold(IncomingActivity activity, long source)
        {
            statements["INSERT INTO held (source, id, person_id, received_at, body) VALUES (@0, @1, @2, @3, @4)"]
                .Bind(transaction, source, activity.Id.ToArray(), activity.Person, now, HeldActivity.Write(activity)).Run();
            return ItemResult.Held($"person '{activity.Person}' is not known yet");
        }

        private FloorPerson? Person(string id) => created.GetValueOrDefault(id) ?? snapshot.Floor.Person(id);

        private FloorPerson Create(IncomingActivity activity, Site home)
        {
            var id = activity.Person!;
            var key = connection.ExecuteScalar<long>(
                "INSERT INTO person (id, name, created_at) VALUES (@id, @name, @now) RETURNING key",
                new { id, name = activity.PersonName ?? id, now }, transaction);
            var site = home;
            if (activity.Team is { Length: > 0 } teamId && snapshot.Floor.Team(teamId) is { } team)
            {
                site = team.Site;
                connection.Execute("INSERT INTO person_team (person, from_day, team) VALUES (@key, @from, @team)",
                    new { key, from = Workday.Beginning.Number, team = team.Key }, transaction);
            }
            connection.Execute("INSERT INTO person_site (person, from_day, site) VALUES (@key, @from, @site)",
                new { key, from = Workday.Beginning.Number, site = site.Key }, transaction);
            CatalogueStore.Touch(connection, transaction);
            return created[id] = new FloorPerson(new(key), id, [(Workday.Beginning, site)]);
        }

        private long Source(string id)
        {
            if (writer.sources.TryGetValue(id, out var known)) return known;
            connection.Execute("INSERT INTO source (id) VALUES (@id) ON CONFLICT DO NOTHING", new { id }, transaction);
            return writer.sources[id] = connection.ExecuteScalar<long>("SELECT key FROM source WHERE id = @id", new { id }, transaction);
        }
    }
}
