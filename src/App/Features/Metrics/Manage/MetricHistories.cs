using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>Histories of metrics that are counted; of many people and a year each takes a second to add up.</summary>
public sealed class MetricHistories(Database database, TimeProvider time)
{
    private readonly Remembered<(MetricKey, DataScope, Workday, int, bool, (long, long)), MetricHistory?> known =
        new(database, time, TimeSpan.FromMinutes(10));

    /// <summary>As <see cref="MetricHistory.Of"/>.</summary>
    public MetricHistory? Of(
        DbConnection connection, Snapshot snapshot, Metric metric, DataScope scope, Workday today, int days, bool byWeek) =>
        known.Of(snapshot.Floor, (metric.Key, scope, today, days, byWeek, snapshot.Version), connection,
            c => MetricHistory.Of(c, snapshot, metric, scope, today, days, byWeek));
}
