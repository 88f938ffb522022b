using System.Data.Common;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Settings;

/// <summary>A part of a setup file that is written: keys in the order in which they are added, without those that have nothing.</summary>
public sealed class SetupPart : Dictionary<string, object>
{
    public SetupPart With(string key, object? value)
    {
        if (value is not (null or "" or System.Collections.ICollection { Count: 0 })) Add(key, value);
        return this;
    }
}

/// <summary>What a setup file calls things that rules know by their keys.</summary>
public sealed record SetupIds(IReadOnlyDictionary<MetricKey, string> Metrics, IReadOnlyDictionary<AchievementKey, string> Achievements)
{
    public static SetupIds All(DbConnection connection, DbTransaction transaction) => new(
        connection.Query<(long Key, string Id)>("SELECT key, id FROM metric", transaction: transaction)
            .ToDictionary(m => new MetricKey(m.Key), m => m.Id),
        connection.Query<(long Key, string Id)>("SELECT key, id FROM achievement", transaction: transaction)
            .ToDictionary(a => new AchievementKey(a.Key), a => a.Id));
}
