using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Switching rules off and on, giving and revoking, on a real database: what earns, what stays, what is logged.</summary>
public sealed class SwitchingTests
{
    // A Wednesday; weeks begin on Monday, 16 November.
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people:
          - { id: greta, name: Greta, team: care }
          - { id: jonas, name: Jonas, team: care }
          - { id: ada, name: Ada, team: care, role: leader }
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: steady, name: Steady, type: threshold, metric: cases, at-least: [2, 4], range: week, history: all }
          - { id: best, name: Best, type: best-of-period, metric: cases, period: week, best: highest, history: all }
          - { id: late, name: Late, type: threshold, metric: cases, at-least: 3, range: week, history: all, enabled: false }
          - { id: thanks, name: Thanks, type: manual }
        """;

    [Fact]
    public async Task Moment_while_it_is_off_earns_nothing_and_what_was_earned_stays()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 2);
        Next(core, days: 1);
        Switch(core, "steady", on: false).ShouldBeTrue();
        await Cases(core, "greta", 2);
        await Cases(core, "jonas", 2);
        core.Settle();
        Held(core, "steady").ShouldBe(["greta 1"]);
        Flagged(core).ShouldBe(0);
    }

    [Fact]
    public async Task Enabled_again_who_meets_it_by_then_earns_at_the_start_of_that_day()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 2);
        Next(core, days: 1);
        Switch(core, "steady", on: false);
        await Cases(core, "greta", 2);
        Next(core, days: 1);
        Switch(core, "steady", on: true).ShouldBeTrue();
        core.Settle();
        Held(core, "steady").ShouldBe(["greta 1", "greta 2"]);
        // Midnight of Friday in Vilnius.
        using var connection = core.Database.Read();
        connection.ExecuteScalar<long>("SELECT earned_at FROM award WHERE tier = 2")
            .ShouldBe(new DateTimeOffset(2026, 11, 19, 22, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Period_that_touches_the_gap_is_not_decided_and_the_next_one_is()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 3);
        Next(core, days: 1);
        Switch(core, "best", on: false);
        core.Settle();
        Next(core, days: 1);
        Switch(core, "best", on: true);
        Next(core, days: 4);
        core.Settle();
        Held(core, "best").ShouldBeEmpty();
        await Cases(core, "jonas", 1);
        Next(core, days: 7);
        core.Settle();
        Held(core, "best").ShouldBe(["jonas 0"]);
    }

    [Fact]
    public async Task Off_and_on_within_a_day_leaves_no_gap()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 3);
        Switch(core, "best", on: false);
        Switch(core, "steady", on: false);
        core.Settle();
        Flagged(core).ShouldBe(1);
        Switch(core, "best", on: true);
        Switch(core, "steady", on: true);
        core.Settle();
        Flagged(core).ShouldBe(0);
        Next(core, days: 6);
        core.Settle();
        Held(core, "best").ShouldBe(["greta 0"]);
    }

    [Fact]
    public async Task Enabled_for_the_first_time_its_history_counts()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 3);
        Next(core, days: 10);
        Switch(core, "late", on: true);
        core.Settle();
        Held(core, "late").ShouldBe(["greta 1"]);
        using var connection = core.Database.Read();
        connection.ExecuteScalar<string>("SELECT kind FROM notice WHERE person = 1 ORDER BY number DESC LIMIT 1").ShouldBe("awards");
    }

    [Fact]
    public async Task Switching_twice_changes_and_logs_once()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Switch(core, "steady", on: false).ShouldBeTrue();
        Switch(core, "steady", on: false).ShouldBeFalse();
        var entry = Log(core, "achievement.disabled").ShouldHaveSingleItem();
        entry.Object.ShouldBe("Steady");
        entry.Changes.ShouldBe([new("enabled", "yes", "no"), new("until", null, "2026-11-18")]);
    }

    [Fact]
    public async Task Revoked_award_is_never_made_again_by_activities_or_backfill()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 2);
        Revoke(core, "Counted twice").ShouldBeNull();
        await Cases(core, "greta", 2);
        core.Database.Write((c, t) => Backfill.Enqueue(c, t, new(Key(core, "steady")), Now(core)));
        core.Settle();
        Held(core, "steady").ShouldBe(["greta 2"]);
        await core.Restart();
        await Cases(core, "greta", 1);
        core.Settle();
        Held(core, "steady").ShouldBe(["greta 2"]);
        var entry = Log(core, "award.revoked").ShouldHaveSingleItem();
        entry.Object.ShouldBe("Steady I · Greta");
        entry.Changes.ShouldBe([new("state", "earned", "revoked"), new("reason", null, "Counted twice")]);
    }

    [Fact]
    public async Task Undo_gives_the_award_back_with_what_holds_now()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 2);
        Revoke(core, "A mistake");
        core.Database.Write((c, t) => RevokeAward.Undo(c, t, 1, DataScope.Company, Ada, Now(core))).ShouldBeNull();
        core.Settle();
        Held(core, "steady").ShouldBe(["greta 1"]);
        Flagged(core).ShouldBe(0);
        Log(core, "award.restored").ShouldHaveSingleItem().Changes
            .ShouldBe([new("state", "revoked", "earned"), new("reason", "A mistake", null)]);
        core.Database.Write((c, t) => RevokeAward.Undo(c, t, 1, DataScope.Company, Ada, Now(core))).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Revoking_without_a_reason_is_refused(string reason)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 2);
        Revoke(core, reason).ShouldNotBeNull();
        Held(core, "steady").ShouldBe(["greta 1"]);
        Log(core, "award.revoked").ShouldBeEmpty();
    }

    [Fact]
    public async Task Giving_by_hand_tells_each_person_and_twice_the_same_form_gives_once()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var grant = Guid.CreateVersion7(Wednesday);
        Give(core, "thanks", grant, [1, 2]).Awards.Count.ShouldBe(2);
        Give(core, "thanks", grant, [1, 2]).Awards.ShouldBeEmpty();
        core.Settle();
        Held(core, "thanks").ShouldBe(["greta 0", "jonas 0"]);
        using var connection = core.Database.Read();
        connection.ExecuteScalar<long>("SELECT count(*) FROM notice WHERE kind = 'award'").ShouldBe(2);
        connection.ExecuteScalar<string>("SELECT occasion FROM award LIMIT 1").ShouldBe(grant.ToString());
        Log(core, "award.made").Select(e => e.Object).ShouldBe(["Thanks · Greta", "Thanks · Jonas"]);
        Log(core, "award.made")[0].Changes.ShouldBe([new("state", null, "earned"), new("note", null, "Stayed late for a colleague")]);
    }

    [Fact]
    public async Task Giving_by_hand_is_refused_for_rules_that_decide_and_while_it_is_off()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var grant = Guid.CreateVersion7(Wednesday);
        Give(core, "steady", grant, [1]).Refusal.ShouldNotBeNull();
        Give(core, "thanks", grant, []).Refusal.ShouldNotBeNull();
        Give(core, "thanks", grant, [99]).Refusal.ShouldNotBeNull();
        Give(core, "thanks", grant, [1], new string('a', 501)).Refusal.ShouldNotBeNull();
        Give(core, "thanks", grant, [3], by: new Actor(3, "Ada", Via.Web)).Refusal.ShouldNotBeNull();
        Switch(core, "thanks", on: false);
        Give(core, "thanks", grant, [1]).Refusal.ShouldNotBeNull();
        Held(core, "thanks").ShouldBeEmpty();
    }

    private static int taken;

    private static Task Cases(CoreFixture core, string person, int count) =>
        core.Take([.. Enumerable.Range(0, count).Select(i => new IncomingActivity(
            "desk", ActivityId.Of($"case-{Interlocked.Increment(ref taken)}"), "case", person, null,
            Now(core) - (count - i) * 60_000L, [], []))]);

    private static void Next(CoreFixture core, int days)
    {
        core.Time.Advance(TimeSpan.FromDays(days));
        core.Settle();
    }

    private static bool Switch(CoreFixture core, string achievement, bool on)
    {
        var key = new AchievementKey(Key(core, achievement));
        return core.Database.Write((c, t) =>
        {
            var today = core.Services.GetRequiredService<CatalogueStore>().Current(c, t).Floor.Site!.Clock.WorkdayOf(Now(core));
            return on ? EnableAchievement.Run(c, t, key, Ada, today, Now(core)) : DisableAchievement.Run(c, t, key, Ada, today, Now(core));
        });
    }

    private static string? Revoke(CoreFixture core, string reason) =>
        core.Database.Write((c, t) => RevokeAward.Run(c, t, 1, reason, DataScope.Company, Ada, Now(core)));

    private static HandAwarded Give(
        CoreFixture core, string achievement, Guid grant, long[] people, string note = "Stayed late for a colleague", Actor? by = null) =>
        core.Database.Write((c, t) => AwardByHand.Run(c, t, core.Services.GetRequiredService<CatalogueStore>().Current(c, t),
            new(new(Key(core, achievement)), people, note, grant), DataScope.Company, by ?? Ada, Now(core)));

    private static long Key(CoreFixture core, string achievement)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @achievement", new { achievement });
    }

    private static long Now(CoreFixture core) => core.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static List<string> Held(CoreFixture core, string achievement)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<string>(
            """
            SELECT p.id || ' ' || w.tier FROM award w JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement
            WHERE a.id = @achievement AND w.revoked_at IS NULL ORDER BY 1
            """, new { achievement })];
    }

    private static long Flagged(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM award WHERE flagged_at IS NOT NULL");
    }

    private static List<(string Object, IReadOnlyList<Change> Changes)> Log(CoreFixture core, string action)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string Object, string Change)>(
                "SELECT object, change FROM audit WHERE action = @action ORDER BY key", new { action })
            .Select(e => (e.Object, Audit.Read(e.Change)))];
    }
}
