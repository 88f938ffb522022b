using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Platform.Work;

public sealed class WorkRunnerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements: [ { id: best, type: best-of-period, metric: cases, period: yesterday, history: all } ]
        """;

    [Fact]
    public async Task RunDue_with_one_item_that_cannot_be_done_does_all_others()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case(1), Case(2), Case(3));
        core.Database.Write((c, t) => WorkQueue.Enqueue(c, t, EvaluatePeriod.Kind, "no period", 0));

        var done = core.Services.GetRequiredService<WorkRunner>().RunDue();

        done.Failed.Select(f => (f.Kind, f.Subject)).ShouldBe([(EvaluatePeriod.Kind, "no period")]);
        done.Ran.ShouldBeGreaterThan(1);
        Texts(core, "SELECT occasion FROM award ORDER BY occasion").ShouldBe(["2026-11-15", "2026-11-16", "2026-11-17"]);
        Texts(core, "SELECT subject FROM work WHERE error IS NOT NULL").ShouldBe(["no period"]);
        Texts(core, "SELECT subject FROM work WHERE leased_until > 0").ShouldBeEmpty();
    }

    [Fact]
    public async Task RunDue_that_is_cancelled_gives_back_what_it_claimed()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case(1));
        core.Services.GetRequiredService<WorkRunner>().RunDue();
        core.Database.Write((c, t) => Backfill.Enqueue(c, t, new AchievementKey(1), 0));
        using var cancel = new CancellationTokenSource();
        // The clock is read when work is claimed.
        var clock = new Interrupting(core.Time, cancel.Cancel);

        ActivatorUtilities.CreateInstance<WorkRunner>(core.Services, clock).RunDue(cancel.Token).Failed.ShouldBeEmpty();

        clock.IsReached.ShouldBeTrue();
        Texts(core, "SELECT kind || ' ' || leased_until || ' ' || attempts FROM work").ShouldBe(["backfill 0 0"]);
    }

    private static IncomingActivity Case(int daysAgo) => new(
        "desk", ActivityId.Of($"{daysAgo}"), "case", "greta", null, Now.AddDays(-daysAgo).ToUnixTimeMilliseconds(), [], []);

    private static List<string> Texts(CoreFixture core, string sql)
    {
        using var connection = core.Database.Read();
        return connection.Query<string>(sql).ToList();
    }
}
