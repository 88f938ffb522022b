using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Verifying;

/// <summary>A small desk whose database is spoilt in one place at a time: verify names exactly that.</summary>
public sealed class VerificationTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ { id: greta, team: care }, { id: jonas }, { id: idle } ]
        activity-types:
          - { id: case, measures: { talk: { negative: false } } }
          - { id: lost, person: optional }
        metrics:
          - { id: cases, types: [case] }
          - { id: talk, types: [case], aggregate: average, measure: talk }
          - { id: lost, types: [lost] }
        achievements:
          - { id: many, type: threshold, metric: cases, at-least: [2, 3], history: all }
          - { id: calm, type: threshold, metric: talk, at-least: 4, sample: 2, range: week, history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }
          - { id: first, type: first-time, activities: [case], history: all }
          - { id: thanks, type: manual }
        """;

    [Fact]
    public async Task Verification_of_a_healthy_database_finds_no_difference()
    {
        await using var core = await Desk();
        Differences(core, out var found).ShouldBeEmpty();
        found.ShouldBe(new Verified(Activities: 7, Rollups: 13, Awards: 9, Differences: 0));
    }

    [Fact]
    public async Task Verification_of_an_empty_database_finds_nothing()
    {
        await using var core = await CoreFixture.Start(Now);
        Differences(core, out var found).ShouldBeEmpty();
        found.ShouldBe(new Verified(0, 0, 0, 0));
    }

    [Theory]
    [InlineData("UPDATE rollup SET sum = sum + 500 WHERE metric = 2 AND person = 1 AND day = 20774",
        "rollup of talk, greta, 2026-11-17: stored 2 with sum 9.5, least 4, greatest 5; should be 2 with sum 9, least 4, greatest 5")]
    [InlineData("DELETE FROM rollup WHERE metric = 1 AND person = 2 AND day = 20773",
        "rollup of cases, jonas, 2026-11-16: stored none; should be 1 with sum 1, least 1, greatest 1")]
    [InlineData("INSERT INTO rollup VALUES (1, 20770, 3, 1, 1000, 1000, 1000)",
        "rollup of cases, idle, 2026-11-13: stored 1 with sum 1, least 1, greatest 1; should be none")]
    [InlineData("INSERT INTO rollup VALUES (9, 20770, 99, 1, 0, 0, 0)",
        "rollup of metric number 9, number 99, 2026-11-13: stored 1 with sum 0, least 0, greatest 0; should be none")]
    [InlineData("UPDATE team_rollup SET count = 2",
        "team rollup of lost, care, 2026-11-17: stored 2 with sum 1, least 1, greatest 1; should be 1 with sum 1, least 1, greatest 1")]
    public async Task Verification_names_a_rollup_that_is_wrong(string spoil, string difference) => await Names(spoil, difference);

    [Theory]
    [InlineData("DELETE FROM award WHERE achievement = 1 AND tier = 2 AND person = 1",
        "award many tier 2, greta, all: stored none; should be earned at 2026-11-18T08:00:00.000Z with 3")]
    [InlineData(
        "INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value) "
        + "VALUES (1, 1, 3, 'once', 0, 0, 0, 0, 2000)",
        "award many tier 1, idle, all: stored earned at 1970-01-01T00:00:00.000Z with 2; should be none")]
    [InlineData("UPDATE award SET value = 4000 WHERE achievement = 1 AND tier = 2 AND person = 1",
        "award many tier 2, greta, all: stored earned at 2026-11-18T08:00:00.000Z with 4; "
        + "should be earned at 2026-11-18T08:00:00.000Z with 3")]
    [InlineData("UPDATE award SET earned_at = earned_at + 1 WHERE achievement = 4 AND person = 2",
        "award first, jonas, all: stored earned at 2026-11-16T08:00:00.001Z with 1; should be earned at 2026-11-16T08:00:00.000Z with 1")]
    [InlineData("UPDATE award SET flagged_at = 1 WHERE achievement = 1 AND tier = 1 AND person = 1",
        "award many tier 1, greta, all: stored flagged; should be earned at 2026-11-17T09:00:00.000Z with 2")]
    [InlineData("DELETE FROM award WHERE achievement = 3 AND occasion = '2026-11-16'",
        "award best, jonas, 2026-11-16: stored none; should be earned at 2026-11-16T22:00:00.000Z with 1")]
    [InlineData("UPDATE award SET person = 3 WHERE achievement = 3 AND occasion = '2026-11-16'",
        "award best, idle, 2026-11-16: stored earned at 2026-11-16T22:00:00.000Z with 1; should be none",
        "award best, jonas, 2026-11-16: stored none; should be earned at 2026-11-16T22:00:00.000Z with 1")]
    public async Task Verification_names_an_award_that_is_wrong(string spoil, params string[] differences) =>
        await Names(spoil, differences);

    /// <summary>Where nodes share a database they are in a table; elsewhere in memory, and gone with the process.</summary>
    [Theory]
    [InlineData(1_000, 0,
        "running total of cases, greta, all time: stored 3 with sum 4, least 1, greatest 1; should be 3 with sum 3, least 1, greatest 1")]
    [InlineData(0, -1,
        "running total of cases, greta, all time: stored up to 2026-11-18T07:59:59.999Z; should be up to 2026-11-18T08:00:00.000Z")]
    public async Task Verification_names_a_running_total_that_is_wrong(int more, int later, string difference)
    {
        if (!TestDatabase.IsPostgres) return;
        await using var core = await Desk();
        core.Database.Write((c, t) =>
        {
            var totals = TotalTable.Read(new(1), c.ExecuteScalar<byte[]>("SELECT totals FROM running WHERE person = 1", transaction: t)!);
            c.Execute("UPDATE running SET totals = @spoilt WHERE person = 1", new
            {
                spoilt = TotalTable.Write(totals.Select(one => one.Key.Metric.Value != 1 ? one : one with
                {
                    Total = one.Total with
                    {
                        Rollup = one.Total.Rollup with { Sum = one.Total.Rollup.Sum + more },
                        LastAt = one.Total.LastAt + later,
                    },
                })),
            }, t);
        });
        Differences(core, out _).ShouldContain(difference);
    }

    [Fact]
    public async Task Verification_waits_while_work_is_due()
    {
        await using var core = await Desk();
        core.Database.Write((c, t) => WorkQueue.Enqueue(c, t, EvaluatePeriod.Kind, "3|20773", 0));
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(_ => { }, CancellationToken.None).ShouldBeNull();
        core.Settle();
        Differences(core, out _).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE activity SET day = day + 1 WHERE key = 1", "activity g1 of desk: stored on 2026-11-18; should be on 2026-11-17")]
    [InlineData("UPDATE activity_key SET activity = NULL WHERE activity = 1",
        "activity g1 of desk: stored without an identity of its own; should be one of each")]
    [InlineData("UPDATE activity_key SET activity = 99 WHERE activity IS NULL",
        "activity taken back of desk: stored as an identity without an activity; should be one of each")]
    public async Task Verification_names_an_activity_that_is_wrong(string spoil, string difference)
    {
        await using var core = await Desk();
        Write(core, spoil);
        Differences(core, out _).ShouldContain(difference);
    }

    [Theory]
    [InlineData("UPDATE award SET revoked_at = 1 WHERE achievement = 1 AND person = 1")]
    [InlineData("UPDATE award SET revoked_at = 1, value = 7 WHERE achievement = 3")]
    [InlineData(
        "INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value) "
        + "VALUES (5, 0, 3, 'by hand', 0, 0, 0, 0, 0)")]
    [InlineData(
        "INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value, flagged_at) "
        + "VALUES (1, 1, 3, 'once', 0, 0, 0, 0, 2000, 1)")]
    public async Task Verification_leaves_recorded_facts_and_rightly_flagged_awards_alone(string fact)
    {
        await using var core = await Desk();
        Write(core, fact);
        Differences(core, out _).ShouldBeEmpty();
    }

    [Fact]
    public async Task Verification_goes_by_what_has_closed()
    {
        await using var core = await Desk();
        core.Time.Advance(TimeSpan.FromDays(9));
        // The week's end has passed and its closing has not run: nothing is decided by it, nothing differs.
        Differences(core, out var before).ShouldBeEmpty();
        core.Settle();
        Differences(core, out var after).ShouldBeEmpty();
        after.Awards.ShouldBe(before.Awards + 1);
    }

    private static async Task Names(string spoil, params string[] differences)
    {
        await using var core = await Desk();
        Write(core, spoil);
        Differences(core, out var found).ShouldBe(differences, ignoreOrder: true);
        found.Differences.ShouldBe(differences.Length);
    }

    private static async Task<CoreFixture> Desk()
    {
        var core = await CoreFixture.Start(Now, Setup);
        await core.Take(
            Case("greta", "g1", At(17, 8), 5), Case("greta", "g2", At(17, 9), 4), Case("greta", "g3", At(18, 8), 3),
            Case("jonas", "j1", At(16, 8), 2), Case("jonas", "j2", At(19, 8), 1), Case("jonas", "taken back", At(20, 11), 1),
            Case("", "l1", At(17, 8), 0) with { Type = "lost", Person = null, Team = "care", Measures = [] },
            Case("", "l2", At(17, 8), 0) with { Type = "lost", Person = null, Measures = [] });
        await core.Take(Case("jonas", "taken back", At(20, 11), 1) with { IsVoid = true, Version = 1 });
        core.Settle();
        return core;
    }

    private static DateTimeOffset At(int day, int hour) => new(2026, 11, day, hour, 0, 0, TimeSpan.Zero);

    private static IncomingActivity Case(string person, string id, DateTimeOffset at, long talk) => new(
        "desk", ActivityId.Of(id), "case", person, null, at.ToUnixTimeMilliseconds(), [new("talk", new Amount(talk * 1000))], []);

    private static List<string> Differences(CoreFixture core, out Verified found)
    {
        var differences = new List<string>();
        found = ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None)!;
        return differences;
    }

    private static void Write(CoreFixture core, string sql) => core.Database.Write((c, t) => c.Execute(sql, transaction: t));
}
