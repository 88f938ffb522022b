using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Paths, whose steps are earned in order, and collections: what is decided by other awards.</summary>
public sealed class PathsTests
{
    /// <summary>Noon in Vilnius.</summary>
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas }, { id: ada, role: admin } ]
        activity-types: [ { id: case }, { id: chat } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: chats, types: [chat] }
          - { id: work, types: [case, chat] }
        achievements:
          - { id: one, type: threshold, metric: cases, at-least: 1, history: all }
          - { id: two, type: threshold, metric: work, at-least: 2, history: all }
          - { id: three, type: threshold, metric: work, at-least: 3, history: all }
          - { id: thanks, type: manual }
          - { id: all-three, type: collection, of: [one, two, three], history: all }
        paths:
          - { id: way, steps: [one, two, three] }
        """;

    private int taken;

    [Fact]
    public async Task Step_that_is_met_early_is_earned_with_the_step_before_it()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Done("chat", "greta", "08:00"), Done("chat", "greta", "08:10"), Done("chat", "greta", "08:20"));
        core.Settle();
        Held(core).ShouldBeEmpty();
        // One activity brings all three.
        await core.Take(Done("case", "greta", "08:30"));
        Held(core).ShouldBe(["one 08:30", "two 08:30", "three 08:30", "all-three 08:30"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Steps_are_announced_in_their_order()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Done("chat", "greta", "08:00"), Done("chat", "greta", "08:10"), Done("case", "greta", "08:30"));
        using var c = core.Database.Read();
        c.Query<string>("SELECT a.id FROM award w JOIN achievement a ON a.key = w.achievement ORDER BY w.key")
            .ShouldBe(["one", "two", "three", "all-three"]);
    }

    [Fact]
    public async Task Earlier_case_that_comes_late_moves_every_step_after_it()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Done("chat", "greta", "08:00"), Done("chat", "greta", "08:10"), Done("case", "greta", "08:30"));
        await core.Take(Done("case", "greta", "07:00"));
        core.Settle();
        Held(core).ShouldBe(["one 07:00", "two 08:00", "three 08:10", "all-three 08:10"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Flagged_step_flags_those_after_it_and_all_come_back_together()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var first = Done("case", "greta", "08:00");
        await core.Take(first, Done("chat", "greta", "08:10"), Done("chat", "greta", "08:20"));
        Held(core).Count.ShouldBe(4);
        await core.Take(first with { Version = 1, IsVoid = true });
        core.Settle();
        Held(core).ShouldBeEmpty();
        await core.Take(Done("case", "greta", "09:00"));
        core.Settle();
        Held(core).ShouldBe(["one 09:00", "two 09:00", "three 09:00", "all-three 09:00"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Revoked_step_holds_nobody_back()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Done("case", "greta", "08:00"));
        var award = Key(core, "one");
        core.Database.Write((c, t) => RevokeAward.Run(c, t, award, "By mistake.", DataScope.Company, new(null, "Ada", Via.Web), Now(core)))
            .ShouldBeNull();
        await core.Take(Done("case", "greta", "08:30"), Done("case", "greta", "08:40"));
        core.Settle();
        Held(core).ShouldBe(["two 08:30", "three 08:40", "all-three 08:40"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Badge_that_is_given_by_hand_is_a_step_at_the_moment_of_giving()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup.Replace("achievements:",
            "achievements:\n  - { id: late, type: threshold, metric: cases, at-least: 1, history: all }", StringComparison.Ordinal)
            + "\n  - { id: praised, steps: [thanks, late] }");
        await core.Take(Done("case", "greta", "08:00"));
        Held(core).ShouldNotContain(h => h.StartsWith("late", StringComparison.Ordinal));
        var greta = PersonKeyOf(core, "greta");
        core.Database.Write((c, t) => AwardByHand.Run(c, t, core.Services.GetRequiredService<CatalogueStore>().Current(c, t),
            new(new(KeyOf(c, "thanks")), [greta], "For the patience",
                new Guid("01900000-0000-7000-8000-000000000001")), DataScope.Company, new(null, "Ada", Via.Web),
            Now(core))).Refusal.ShouldBeNull();
        Held(core).ShouldContain("late 10:00");
        Verify(core);
    }

    [Fact]
    public async Task Step_that_is_inserted_holds_from_the_next_workday_on_and_takes_nothing_away()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take(Done("case", "greta", "08:00"), Done("case", "greta", "08:10"), Done("case", "greta", "08:20"),
            Done("case", "jonas", "08:00"));
        core.Apply("""
            achievements: [ { id: chat, type: threshold, metric: chats, at-least: 1, history: all } ]
            paths: [ { id: way, steps: [one, chat, two, three] } ]
            """).Select(c => c.ToString()).ShouldBe(["add achievement chat",
                "change path way: steps one, two, three -> one, chat, two, three"]);
        core.Time.Advance(TimeSpan.FromDays(1));
        core.Settle();
        Held(core).Count.ShouldBe(4 + 1);
        Verify(core);
        // Who had come that far keeps it; whoever has not must chat first.
        await core.Take(Done("case", "jonas", "08:00", day: 19), Done("case", "jonas", "08:10", day: 19));
        core.Settle();
        Of(core, "jonas").ShouldBe(["one"]);
        await core.Take(Done("chat", "jonas", "09:00", day: 19));
        core.Settle();
        Of(core, "jonas").ShouldBe(["one", "chat", "two", "three", "all-three"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Path_that_is_switched_on_over_history_gives_what_streaming_gives()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup.Replace("history: all }", "history: all, enabled: false }",
            StringComparison.Ordinal));
        await core.Take(Done("chat", "greta", "08:00"), Done("case", "greta", "08:10"), Done("chat", "greta", "08:20"));
        Held(core).ShouldBeEmpty();
        core.Apply(Setup);
        core.Settle();
        Held(core).ShouldBe(["one 08:10", "two 08:10", "three 08:20", "all-three 08:20"], ignoreOrder: true);
        Verify(core);
    }

    [Fact]
    public async Task Collection_counts_from_its_history_on()
    {
        await using var core = await CoreFixture.Start(Wednesday, """
            site: { id: vilnius, zone: Europe/Vilnius }
            people: [ { id: greta } ]
            activity-types: [ { id: case }, { id: chat } ]
            metrics: [ { id: cases, types: [case] }, { id: chats, types: [chat] } ]
            achievements:
              - { id: day, type: threshold, metric: cases, at-least: 1, range: day, history: all }
              - { id: chat, type: threshold, metric: chats, at-least: 1, history: all }
              - { id: both, type: collection, of: [day, chat] }
            """);
        await core.Take(Done("case", "greta", "08:00", day: 17), Done("chat", "greta", "09:00"));
        Held(core).ShouldNotContain(h => h.StartsWith("both", StringComparison.Ordinal));
        await core.Take(Done("case", "greta", "09:30"));
        Held(core).ShouldContain("both 09:30");
        Verify(core);
    }

    [Theory]
    [InlineData(
        "achievements: [ { id: mean, type: threshold, metric: cases, at-least: 1, range: day } ]\n"
        + "paths: [ { id: way, steps: [one, mean] } ]",
        "2:34: 'mean' cannot be a step: a step is earned once, has one level and a moment of its own, as an all-time count, a first time, "
        + "a collection or a badge given by hand")]
    [InlineData("paths: [ { id: other, steps: [three, one] } ]",
        "1:31: 'three' is a step of the path 'way' already: an achievement stands in one path|"
        + "1:38: 'one' is a step of the path 'way' already: an achievement stands in one path")]
    [InlineData("paths: [ { id: way, steps: [one, tow] } ]", "1:34: there is no achievement 'tow' (did you mean 'two'?)")]
    [InlineData("paths: [ { id: way, steps: [one, one] } ]", "1:34: 'one' stands twice in the path")]
    [InlineData("paths: [ { id: way } ]", "1:10: 'steps' is missing: the achievements of the path, in order")]
    [InlineData("achievements: [ { id: set, type: collection, of: [one] } ]", "1:50: 'of' names at least two achievements")]
    [InlineData("achievements: [ { id: a, type: collection, of: [one, b] }, { id: b, type: collection, of: [one, a] } ]",
        "1:17: 'a' would be decided by itself")]
    [InlineData("achievements: [ { id: all-three, type: collection, of: [one, all-three], history: all } ]",
        "1:17: 'all-three' would be decided by itself")]
    public async Task What_cannot_be_is_told(string setup, string problems)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        core.ProblemsOf(setup).ShouldBe(problems.Split('|'));
    }

    private IncomingActivity Done(string type, string person, string time, int day = 18) => new(
        "desk", ActivityId.Of($"a{++taken}"), type, person, null,
        DateTimeOffset.Parse($"2026-11-{day}T{time}:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), [], []);

    private static long Now(CoreFixture core) => core.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long KeyOf(System.Data.Common.DbConnection c, string achievement) =>
        c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @achievement", new { achievement });

    private static long PersonKeyOf(CoreFixture core, string person)
    {
        using var c = core.Database.Read();
        return c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @person", new { person });
    }

    private static long Key(CoreFixture core, string achievement)
    {
        using var c = core.Database.Read();
        return c.ExecuteScalar<long>("SELECT key FROM award WHERE achievement = @of", new { of = KeyOf(c, achievement) });
    }

    /// <summary>Id and time of day (UTC) of what holds.</summary>
    private static List<string> Held(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Id, long At)>(
            """
            SELECT a.id, w.earned_at FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE w.flagged_at IS NULL AND w.revoked_at IS NULL ORDER BY w.key
            """).Select(w => $"{w.Id} {DateTimeOffset.FromUnixTimeMilliseconds(w.At).ToString("HH:mm", CultureInfo.InvariantCulture)}")];
    }

    private static List<string> Of(CoreFixture core, string person)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>(
            """
            SELECT a.id FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person
            WHERE w.flagged_at IS NULL AND p.id = @person
            """, new { person })];
    }

    private static void Verify(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        differences.ShouldBeEmpty();
    }
}
