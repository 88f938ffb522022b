using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Retention;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Retention;

/// <summary>What goes, and what stays, when the retention horizon moves.</summary>
public sealed class HorizonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Spring = new(2026, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Workday June = Workday.Of(2026, 6, 1);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: day, type: threshold, metric: cases, at-least: 3, range: day, history: all }
          - { id: ever, type: threshold, metric: cases, at-least: [3, 5], history: all }
          - { id: best, type: best-of-period, metric: cases, period: week, history: all }
        """;

    [Fact]
    public async Task Purge_revokes_no_badge()
    {
        await using var core = await Start();
        var before = Awards(core);
        before.Count.ShouldBe(3);
        Move(core).ShouldBeNull();
        core.Settle();
        Count(core, "activity").ShouldBe(0);
        Count(core, "rollup").ShouldBe(1);
        Awards(core).ShouldBe(before);
        Differences(core).ShouldBeEmpty();
        // All rules are decided anew, and nothing of it is theirs to decide.
        core.Apply("achievements: [ { id: day, type: threshold, metric: cases, at-least: 4, range: day, history: all } ]");
        core.Database.Write((c, t) =>
        {
            foreach (var key in c.Query<long>("SELECT key FROM achievement", transaction: t).ToList())
                Backfill.Enqueue(c, t, new(key), Now.ToUnixTimeMilliseconds());
        });
        core.Settle();
        Awards(core).ShouldBe(before);
    }

    [Fact]
    public async Task Purge_that_was_broken_off_goes_on_and_deletes_chunk_by_chunk()
    {
        await using var core = await Start();
        for (var i = 0; i < 5; i++)
            await core.Take([.. Enumerable.Range(i * 1_000, 1_000).Select(n => Case($"more{n}", Spring.AddDays(1).AddSeconds(n)))]);
        core.Settle();
        Move(core).ShouldBeNull();
        // Claimed by a process that is gone, half done.
        core.Database.Write((c, t) => c.Execute("DELETE FROM activity WHERE day = @day", new { day = Workday.Of(2026, 3, 4).Number }, t));
        await core.Restart();
        core.Settle();
        Count(core, "activity").ShouldBe(0);
        using var read = core.Database.Read();
        read.ExecuteScalar<long>("SELECT count(*) FROM activity_key WHERE activity = -1").ShouldBe(5_000);
    }

    [Fact]
    public async Task All_time_values_go_on_from_what_had_been_counted()
    {
        await using var core = await Start();
        Move(core).ShouldBeNull();
        core.Settle();
        await core.Take(Case("n4", Now.AddHours(-2)), Case("n5", Now.AddHours(-1)));
        Awards(core).ShouldContain("ever 2 greta once 2026-11-18 09:00 5000");
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_that_is_met_at_the_horizon_earns_at_its_start()
    {
        await using var core = await Start();
        Move(core).ShouldBeNull();
        core.Settle();
        core.Apply("""
            achievements:
              - { id: two, type: threshold, metric: cases, at-least: 2, history: all }
              - { id: two-a-day, type: threshold, metric: cases, at-least: 2, range: day, history: all }
            """);
        core.Settle();
        // 1 June begins in Vilnius; of days before it nothing is awarded.
        Awards(core).ShouldContain("two 1 greta once 2026-05-31 21:00 3000");
        Awards(core).ShouldNotContain(a => a.StartsWith("two-a-day", StringComparison.Ordinal));
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_older_is_refused_and_never_counts_again()
    {
        await using var core = await Start();
        Move(core).ShouldBeNull();
        // Also while they are still there.
        await Refused(core);
        core.Settle();
        await Refused(core);
        Count(core, "rollup").ShouldBe(1);
        Count(core, "activity").ShouldBe(0);
    }

    private static async Task Refused(CoreFixture core)
    {
        var results = await core.Take(
            Case("n1", Spring), Case("new", Spring.AddDays(1)), Case("n1", Now.AddHours(-1)) with { Version = 1 },
            Case("n2", Spring) with { Version = 1, IsVoid = true }, Case("later", Spring) with { Person = "nobody" });
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Rejected && r.Reason!.Contains("retention horizon 2026-06-01"));
    }

    [Fact]
    public async Task What_is_held_goes_too()
    {
        await using var core = await Start();
        await core.Take(Case("held", Spring) with { Person = "ona" }, Case("held-later", Now.AddDays(-1)) with { Person = "ona" });
        core.Services.GetRequiredService<Horizon>().Preview(June).ShouldBe(new(3, 1));
        Move(core).ShouldBeNull();
        core.Settle();
        Count(core, "held").ShouldBe(1);
        core.Apply("people: [ { id: ona } ]");
        Count(core, "activity").ShouldBe(1);
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_only_moves_forward_and_keeps_90_days()
    {
        await using var core = await Start();
        core.ProblemsOf("horizon: 2026-08-21").ShouldBe(["1:10: The last 90 days are always kept: choose an earlier day."]);
        core.ProblemsOf("horizon: soon").ShouldBe(["1:10: 'horizon' must be a date such as 2026-01-31, not 'soon'"]);
        core.Apply("horizon: 2026-06-01", plan: true).ShouldHaveSingleItem().ToString()
            .ShouldBe("change setting horizon: horizon nothing -> 2026-06-01");
        core.Apply("horizon: 2026-06-01").Count.ShouldBe(1);
        core.Apply("horizon: 2026-06-01").ShouldBeEmpty();
        core.ProblemsOf("horizon: 2026-05-31").ShouldBe(["1:10: The horizon only moves forward: what is gone stays gone."]);
        core.Settle();
        Count(core, "activity").ShouldBe(0);
    }

    [Fact]
    public async Task It_does_not_pass_unfinished_work()
    {
        await using var core = await Start();
        core.Apply("achievements: [ { id: one, type: threshold, metric: cases, at-least: 1, history: all } ]");
        Move(core).ShouldBe("Earlier work is still being counted or decided. Try again when that is done.");
        core.Settle();
        Move(core).ShouldBeNull();
    }

    private static async Task<CoreFixture> Start()
    {
        var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Case("n1", Spring), Case("n2", Spring.AddMinutes(1)), Case("n3", Spring.AddMinutes(2)));
        core.Settle();
        return core;
    }

    private static string? Move(CoreFixture core) =>
        core.Services.GetRequiredService<Horizon>().Move(June, new Actor(null, "Ada", Via.Web));

    private static IncomingActivity Case(string id, DateTimeOffset at) =>
        new("desk", ActivityId.Of(id), "case", "greta", null, at.ToUnixTimeMilliseconds(), [], []);

    private static long Count(CoreFixture core, string table)
    {
        using var c = core.Database.Read();
        return c.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
    }

    private static List<string> Differences(CoreFixture core)
    {
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        return differences;
    }

    private static List<string> Awards(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string, long, string, string, long, long)>(
                """
                SELECT a.id, w.tier, p.id, w.occasion, w.earned_at, w.value FROM award w JOIN person p ON p.key = w.person
                JOIN achievement a ON a.key = w.achievement WHERE w.flagged_at IS NULL ORDER BY 1, 2, 3, 4
                """)
            .Select(w => $"{w.Item1} {w.Item2} {w.Item3} {w.Item4} "
                + $"{DateTimeOffset.FromUnixTimeMilliseconds(w.Item5):yyyy-MM-dd HH:mm} {w.Item6}")];
    }
}
