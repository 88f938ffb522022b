using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Demo;

/// <summary>
/// Goes on live with what the samples hold after today's hour: each activity happens now, with the pauses between them as they
/// were, but none so long that nobody would see anything.
/// </summary>
public sealed class DemoFeed(IReadOnlyList<IncomingActivity> rest, Intake intake, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var before = rest.Count > 0 ? rest[0].At : 0;
        foreach (var activity in rest)
        {
            var pause = TimeSpan.FromMilliseconds(Math.Clamp(activity.At - before, 500, LongestPause.TotalMilliseconds));
            before = activity.At;
            await Task.Delay(pause, time, stoppingToken);
            await intake.Take([activity with { At = time.GetUtcNow().ToUnixTimeMilliseconds() }], stoppingToken);
        }
    }
}
