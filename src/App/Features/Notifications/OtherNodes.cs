using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// What nodes that share a database tell each other, with the commit of what they tell of: whose notices are new, which metrics and
/// topics changed. A page that is open at one node sees what another took in. Where one process owns the database there is
/// nobody to tell.
/// </summary>
public sealed class OtherNodes(
    Database database, LiveHub live, ChangedMetrics changed, CatalogueStore catalogue, WorkRunner work, TimeProvider time,
    ILogger<OtherNodes> log)
    : BackgroundService
{
    /// <summary>So many keys fit into one message, whatever their length.</summary>
    private const int Most = 300;
    private const string Awards = "awards", Metrics = "metrics", Topic = "topic", Read = "read";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource hears = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once this node hears the others for the first time: at once where there are none.</summary>
    public Task Hears => hears.Task;

    public static void TellAwards(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewAward> awards) =>
        Tell(connection, transaction, Awards, awards.Select(a => a.Person.Value).Distinct());

    public static void TellNotices(DbConnection connection, DbTransaction transaction, IReadOnlyList<PersonKey> people) =>
        Tell(connection, transaction, Awards, people.Select(p => p.Value));

    /// <summary>Somebody has read notices, or made them unread.</summary>
    public static void TellRead(DbConnection connection, DbTransaction transaction, long person) =>
        Tell(connection, transaction, Read, [person]);

    public static void TellMetrics(DbConnection connection, DbTransaction transaction, IReadOnlySet<MetricKey> metrics) =>
        Tell(connection, transaction, Metrics, metrics.Select(m => m.Value));

    private static void Tell(DbConnection connection, DbTransaction transaction, string what, IEnumerable<long> keys)
    {
        var dialect = Dialect.Of(connection);
        if (!dialect.IsShared) return;
        foreach (var some in keys.Chunk(Most)) dialect.Tell(connection, transaction, $"{what} {string.Join(',', some)}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database is not PostgresDatabase postgres)
        {
            hears.TrySetResult();
            return;
        }
        var topics = Channel.CreateBounded<string>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
        // Which metrics changed is told with the commit.
        void Say(string topic)
        {
            if (!topic.StartsWith("metric:", StringComparison.Ordinal)) topics.Writer.TryWrite(topic);
        }
        live.Said += Say;
        try
        {
            await Task.WhenAll(Listen(postgres, stoppingToken), TellTopics(topics.Reader, stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        finally
        {
            live.Said -= Say;
        }
    }

    private async Task Listen(PostgresDatabase postgres, CancellationToken cancel)
    {
        while (true)
            try
            {
                await postgres.Listen(Missed, Hear, cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogWarning("Other nodes cannot be heard just now: {Reason}", failure.Message);
                await Task.Delay(Pause, time, cancel);
            }
    }

    private async Task TellTopics(ChannelReader<string> topics, CancellationToken cancel)
    {
        await foreach (var topic in topics.ReadAllAsync(cancel))
            try
            {
                using var connection = database.Read();
                Dialect.Of(connection).Tell(connection, null, $"{Topic} {topic}");
            }
            catch (Exception failure) when (failure is DbException || Outage.Is(failure))
            {
                log.LogWarning("Other nodes could not be told: {Reason}", failure.Message);
            }
    }

    private void Missed()
    {
        changed.Missed();
        live.Missed();
        hears.TrySetResult();
    }

    private void Hear(string news)
    {
        var (what, about) = news.Split(' ', 2) is [var w, var a] ? (w, a) : (news, "");
        switch (what)
        {
            case Awards: live.HeardAwards(Keys(about).ToHashSet()); break;
            case Metrics: HearMetrics([.. Keys(about).Select(k => new MetricKey(k))]); break;
            case Read: foreach (var person in Keys(about)) live.HeardRead(person); break;
            case Topic: live.Heard(about); work.Wake(); break;
        }
    }

    private void HearMetrics(IReadOnlyList<MetricKey> metrics)
    {
        changed.Committed(metrics);
        using var connection = database.Read();
        var rules = catalogue.Current(connection).Rules;
        foreach (var metric in rules.Metrics.Where(m => !m.Hidden && metrics.Contains(m.Metric.Key)))
            live.Heard($"metric:{metric.Metric.Id}");
    }

    private static IEnumerable<long> Keys(string list) => list.Split(',').Select(k => long.Parse(k, CultureInfo.InvariantCulture));
}
