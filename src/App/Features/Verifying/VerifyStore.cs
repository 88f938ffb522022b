using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Verifying;

/// <summary>A row of daily rollups; its owner is a person or a team.</summary>
internal readonly record struct RowKey(MetricKey Metric, Workday Day, long Owner);

/// <summary>An award as it is kept.</summary>
internal sealed record StoredAward
{
    public long Achievement { get; init; }
    public int Tier { get; init; }
    public long Person { get; init; }
    public string Occasion { get; init; } = "";
    public long EarnedAt { get; init; }
    public long Value { get; init; }
    public bool Flagged { get; init; }
    /// <summary>Revoked, given by hand, or of before the retention horizon: a fact that is never decided again.</summary>
    public bool IsFact { get; init; }
}

/// <summary>An identity that has no activity, or the other way round.</summary>
internal sealed record Orphan(string Source, byte[] Id, bool HasKey);

/// <summary>The SQL of going through everything that is kept, in parts that fit into memory.</summary>
internal static class VerifyStore
{
    /// <summary>Work that is due and not done. What failed waits for its next try.</summary>
    public static long Due(DbConnection connection, DbTransaction transaction, long now) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM work WHERE due <= @now", new { now }, transaction);

    /// <summary>Stretches of person keys that together cover all, each with so many activities or one person.</summary>
    public static List<(long First, long Last)> Parts(DbConnection connection, DbTransaction transaction, int most)
    {
        var parts = new List<(long First, long Last)>();
        var (first, size) = (long.MinValue, 0L);
        foreach (var (person, count) in connection.Query<(long Person, long Count)>(
                     "SELECT person, count(*) FROM activity WHERE person IS NOT NULL GROUP BY person ORDER BY person",
                     transaction: transaction))
        {
            if (size > 0 && size + count > most)
            {
                parts.Add((first, person - 1));
                (first, size) = (person, 0);
            }
            size += count;
        }
        parts.Add((first, long.MaxValue));
        return parts;
    }

    /// <summary>Workdays on which somebody did something, ascending.</summary>
    public static List<Workday> Days(DbConnection connection, DbTransaction transaction) =>
        [.. connection.Query<int>("SELECT DISTINCT day FROM activity WHERE person IS NOT NULL ORDER BY day", transaction: transaction)
            .Select(d => new Workday(d))];

    public static Dictionary<RowKey, Rollup> Rollups(DbConnection connection, DbTransaction transaction, long first, long last) => Rows(
        connection, transaction,
        "SELECT metric, day, person, count, sum, least, greatest FROM rollup WHERE person BETWEEN @first AND @last",
        "SELECT metric, day, person, label, count FROM label_rollup WHERE person BETWEEN @first AND @last",
        new { first, last });

    public static Dictionary<RowKey, Rollup> TeamRollups(DbConnection connection, DbTransaction transaction) => Rows(
        connection, transaction, "SELECT metric, day, team, count, sum, least, greatest FROM team_rollup",
        "SELECT metric, day, team, label, count FROM team_label_rollup", null);

    private static Dictionary<RowKey, Rollup> Rows(
        DbConnection connection, DbTransaction transaction, string sql, string labels, object? parameters)
    {
        var rows = connection.Query<(long Metric, int Day, long Owner, long Count, long Sum, long Least, long Greatest)>(
            sql, parameters, transaction, buffered: false)
            .ToDictionary(r => new RowKey(new(r.Metric), new(r.Day), r.Owner), r => new Rollup(r.Count, r.Sum, r.Least, r.Greatest));
        foreach (var (metric, day, owner, label, count) in connection.Query<(long, int, long, string, long)>(
                     labels, parameters, transaction, buffered: false))
        {
            var key = new RowKey(new(metric), new(day), owner);
            var row = rows.GetValueOrDefault(key, Rollup.None);
            rows[key] = row with { Beside = (row.Beside as Texts ?? Texts.None).Add(label, count) };
        }
        return rows;
    }

    public static IEnumerable<StoredAward> Awards(DbConnection connection, DbTransaction transaction, long first, long last) =>
        connection.Query<StoredAward>(
            """
            SELECT achievement, tier, person, occasion, earned_at, value, CASE WHEN flagged_at IS NULL THEN 0 ELSE 1 END AS flagged,
              CASE WHEN revoked_at IS NULL AND awarded_by IS NULL AND awarded_via IS NULL AND settled = 0 THEN 0 ELSE 1 END AS is_fact
            FROM award WHERE person BETWEEN @first AND @last
            """, new { first, last }, transaction, buffered: false);

    /// <summary>
    /// Running totals of some people, where nodes that share the database keep them in a table; none where they are of other rules, for
    /// then the next batch throws them away.
    /// </summary>
    public static List<(TotalKey Key, Total Total)> Totals(
        DbConnection connection, DbTransaction transaction, long rules, long first, long last)
    {
        if (!Dialect.Of(connection).IsShared) return [];
        var version = connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'totals-of-rules'",
            transaction: transaction);
        if (!string.Equals(version, rules.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)) return [];
        return [.. connection.Query<(long Person, byte[] Totals)>(
            "SELECT person, totals FROM running WHERE person BETWEEN @first AND @last", new { first, last }, transaction)
            .SelectMany(r => TotalTable.Read(new(r.Person), r.Totals))];
    }

    /// <summary>What is packed of some people's rollups.</summary>
    public static List<(PersonKey Person, int Block, byte[] Days)> Packed(
        DbConnection connection, DbTransaction transaction, long first, long last) =>
        [.. connection.Query<(long Person, int Block, byte[] Days)>(
            "SELECT person, block, days FROM packed_days WHERE person BETWEEN @first AND @last", new { first, last }, transaction)
            .Select(r => (new PersonKey(r.Person), r.Block, r.Days))];

    /// <summary>Activities that their identity does not name, and identities that name an activity that is not there.</summary>
    public static List<Orphan> Orphans(DbConnection connection, DbTransaction transaction) =>
        [.. connection.Query<(string Source, byte[] Id, long HasKey)>(
            $"""
            SELECT s.id, a.id, 0 FROM activity a JOIN source s ON s.key = a.source
              LEFT JOIN activity_key k ON k.source = a.source AND k.id = a.id WHERE k.activity IS NULL OR k.activity <> a.key
            UNION ALL
            SELECT s.id, k.id, 1 FROM activity_key k JOIN source s ON s.key = k.source
              LEFT JOIN activity a ON a.key = k.activity WHERE k.activity <> {Identity.Gone} AND a.key IS NULL
            """, transaction: transaction).Select(o => new Orphan(o.Source, o.Id, o.HasKey != 0))];

    /// <summary>How things are called, by key: people, achievements, teams.</summary>
    public static Dictionary<long, string> Ids(DbConnection connection, DbTransaction transaction, string table) =>
        connection.Query<(long Key, string Id)>($"SELECT key, id FROM {table}", transaction: transaction)
            .ToDictionary(r => r.Key, r => r.Id);

    public static Dictionary<long, long> SitesOfTeams(DbConnection connection, DbTransaction transaction) =>
        connection.Query<(long Key, long Site)>("SELECT key, site FROM team", transaction: transaction)
            .ToDictionary(r => r.Key, r => r.Site);
}
