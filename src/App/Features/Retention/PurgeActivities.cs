using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Retention;

/// <summary>
/// Deletes the activities of before the retention horizon, some at a time: work that goes on after a restart, on whichever node. The
/// identities stay and say that theirs is gone, so that nothing counts again.
/// </summary>
public sealed class PurgeActivities(Database database, CatalogueStore catalogue, TimeProvider time)
{
    public const string Kind = "retention";

    /// <summary>Deleted by one transaction, so that live work does not wait long.</summary>
    private const int Chunk = 2_000;

    private static readonly string MarkGone = string.Create(CultureInfo.InvariantCulture,
        $"ON CONFLICT (source, id) DO UPDATE SET activity = {Identity.Gone} WHERE activity_key.activity = excluded.activity");

    public WorkKind Work => new(Kind, 1, Run);

    private sealed record Row
    {
        public long Key { get; init; }
        public long Source { get; init; }
        public byte[] Id { get; init; } = [];
    }

    private void Run(IReadOnlyList<WorkItem> items, CancellationToken cancel)
    {
        var (done, count, all) = (0L, 0, Count());
        do
        {
            cancel.ThrowIfCancellationRequested();
            count = database.Write((connection, transaction) =>
            {
                Rulebook.Share(connection, transaction);
                var before = catalogue.Current(connection, transaction).Rules.Horizon.Number;
                // In the order in which batches hold identities, so that neither waits for the other.
                var rows = connection.Query<Row>(
                    "SELECT key, source, id FROM activity WHERE day < @before ORDER BY day LIMIT @Chunk", new { before, Chunk },
                    transaction).ToList();
                rows.Sort((a, b) => a.Source == b.Source ? a.Id.AsSpan().SequenceCompareTo(b.Id) : a.Source.CompareTo(b.Source));
                var identities = new Rows(
                    "activity_key", "source bigint", "id bytea", "version bigint", "content bigint", "activity bigint");
                var keys = new Rows("activity", "key bigint");
                foreach (var row in rows)
                {
                    identities.Add(row.Source, row.Id, 0, 0, row.Key);
                    keys.Add(row.Key);
                }
                // Every activity has its identity, so that none is made here: they are named in one go and changed.
                var statements = Statements.Of(connection);
                statements.Insert(identities, MarkGone);
                statements.Delete(keys);
                WorkQueue.Progress(connection, transaction, items[0], done + rows.Count, Math.Max(all, done + rows.Count),
                    time.GetUtcNow().ToUnixTimeMilliseconds());
                return rows.Count;
            });
            done += count;
        }
        while (count == Chunk);
        PurgeHeld(cancel);
        database.Write((connection, transaction) => WorkQueue.Complete(connection, transaction, items));
    }

    /// <summary>Once: it reads all that goes.</summary>
    private long Count()
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM activity WHERE day < @before",
            new { before = catalogue.Current(connection).Rules.Horizon.Number });
    }

    /// <summary>What waits for somebody and is too old at any site would be refused on release.</summary>
    private void PurgeHeld(CancellationToken cancel)
    {
        (long Source, byte[] Id)? after = (0, []);
        while (after is { } from)
        {
            cancel.ThrowIfCancellationRequested();
            after = database.Write((connection, transaction) =>
            {
                Rulebook.Share(connection, transaction);
                var (gone, last) = Horizon.HeldBefore(
                    connection, transaction, catalogue.Current(connection, transaction).Rules.Horizon, from, Chunk);
                connection.Execute("DELETE FROM held WHERE source = @Source AND id = @Id", gone.Select(g => new { g.Source, g.Id }),
                    transaction);
                return last;
            });
        }
    }
}
