using Dapper;
using Laurel.App.Features.Goals;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Closes workdays whose end plus grace time has passed, one after the other, however long Laurel was off; everything that is
/// decided at a period's end becomes due work in the same transaction.
/// </summary>
public sealed class CloseWorkdays(Database database, CatalogueStore catalogue, WorkRunner work, TimeProvider time)
{
    /// <summary>How long after its end a period still waits for late data.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(2);

    /// <summary>The last workday that is closed at <paramref name="now"/> (UTC milliseconds).</summary>
    public static Workday ClosedAt(SiteClock clock, long now) =>
        clock.WorkdayOf(now - (long)Grace.TotalMilliseconds).Plus(-1);

    /// <summary>Says how many workdays were closed.</summary>
    public int Run()
    {
        if (!AnyToClose()) return 0;
        var closed = database.Write((connection, transaction) =>
        {
            Rulebook.Hold(connection, transaction);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var snapshot = catalogue.Current(connection, transaction);
            var count = 0;
            var days = new HashSet<Workday>();
            // Where clocks lie more than a day apart, one site may hold back for somebody who moves what another has closed already.
            var latest = snapshot.Floor.Sites.Aggregate(Workday.Beginning,
                (latest, site) => Workday.Max(latest, Workday.Max(site.ClosedThrough, ClosedAt(site.Clock, now))));
            foreach (var site in snapshot.Floor.Sites)
            {
                var until = ClosedAt(site.Clock, now);
                if (until <= site.ClosedThrough) continue;
                connection.Execute("UPDATE site SET closed_through = @until WHERE key = @Key", new { until = until.Number, site.Key },
                    transaction);
                count += until.Number - site.ClosedThrough.Number;
                for (var day = site.ClosedThrough.Plus(1); day <= latest; day = day.Plus(1))
                {
                    days.Add(day);
                    foreach (var rule in snapshot.Rules.Rules)
                        if (EvaluatePeriod.EndingWith(rule, snapshot.Rules, day) is { } last)
                            EvaluatePeriod.Enqueue(connection, transaction, rule.Achievement, last, now);
                }
            }
            TellReached.EnqueueEnding(connection, transaction, snapshot, days, now);
            if (count > 0) Rulebook.TouchFloor(connection, transaction);
            return count;
        });
        if (closed > 0) work.Wake();
        return closed;
    }

    /// <summary>Asked every few seconds, and mostly for nothing: holding the rules would stop everybody each time.</summary>
    private bool AnyToClose()
    {
        using var connection = database.Read();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return catalogue.Current(connection).Floor.Sites.Any(site => ClosedAt(site.Clock, now) > site.ClosedThrough);
    }
}

/// <summary>While Laurel serves: asks every few seconds what is due, and at once when somebody says that something is.</summary>
public sealed class WorkService(CloseWorkdays closing, SetAside aside, WorkRunner work, ILogger<WorkService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var reclaimed = false;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                if (!reclaimed) work.Reclaim();
                reclaimed = true;
                aside.Look();
                closing.Run();
                work.RunDue(stoppingToken);
                await work.Woken(Pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // Stopping.
            }
            catch (Exception failure)
            {
                if (Outage.Is(failure)) log.LogWarning("Due work waits for the database: {Why}", failure.Message);
                else log.LogError(failure, "Due work could not be looked for; it is tried again.");
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }
}
