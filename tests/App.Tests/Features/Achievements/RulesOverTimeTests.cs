using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Rules that change, begin later, or are switched while work comes in.</summary>
public sealed class RulesOverTimeTests
{
    /// <summary>Noon in Vilnius, in the week of 16 November.</summary>
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        activity-types:
          - { id: case, measures: { talk: { negative: false }, score: {} } }
          - { id: chat }
        metrics:
          - { id: cases, types: [case] }
          - { id: chats, types: [chat] }
          - { id: score, types: [case], aggregate: average, measure: score }
        achievements:
          - { id: a, type: 
        """;

    private int taken;

    [Fact]
    public async Task Version_of_tomorrow_awards_nothing_today()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 10, history: all");
        await Cases(core, "greta", 6);
        core.Apply(With("threshold, metric: cases, at-least: 5, history: all"));
        core.Settle();
        Held(core).ShouldBeEmpty();
        await Cases(core, "greta", 1);
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddDays(1));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-18 22:00"]);
    }

    [Fact]
    public async Task Work_of_tomorrow_waits_for_the_version_of_tomorrow()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 10, history: all");
        core.Apply(With("threshold, metric: cases, at-least: 2, history: all"));
        core.Settle();
        // A sender's clock may be ahead by up to a day.
        await core.Take(Case("greta", Wednesday.AddHours(20)), Case("greta", Wednesday.AddHours(20).AddMinutes(1)));
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddDays(1));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-19 06:01"]);
    }

    [Fact]
    public async Task History_that_begins_tomorrow_counts_work_of_tomorrow_when_it_begins()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, history: 2026-11-19");
        await core.Take(Case("greta", Wednesday.AddHours(20)), Case("greta", Wednesday.AddHours(20).AddMinutes(1)));
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddDays(1));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-19 06:01"]);
    }

    [Fact]
    public async Task Week_that_began_under_an_average_is_decided_by_it_when_counts_follow()
    {
        await using var core = await Start("threshold, metric: score, at-least: 1, sample: 2, range: week, history: all");
        await Cases(core, "greta", 6);
        core.Apply(With("threshold, metric: cases, at-least: 50, range: week, history: all"));
        Days(core, 12);
        Held(core).ShouldBe(["greta 2026-11-16 2026-11-22 22:00"]);
    }

    [Fact]
    public async Task Week_that_began_under_a_count_awards_at_once_when_an_average_follows()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 3, range: week, history: all");
        core.Apply(With("threshold, metric: score, at-least: 100, sample: 2, range: week, history: all"));
        await Cases(core, "greta", 3);
        Held(core).ShouldBe(["greta 2026-11-16 2026-11-18 09:59"]);
    }

    [Fact]
    public async Task Average_that_a_count_follows_is_decided_anew_when_late_work_comes()
    {
        await using var core = await Start("threshold, metric: score, at-least: 2, sample: 2, history: all");
        await Cases(core, "greta", 2, score: 1);
        core.Apply(With("threshold, metric: cases, at-least: 50, history: all"));
        Days(core, 5);
        Held(core).ShouldBeEmpty();
        await core.Take(Case("greta", Wednesday.AddHours(-1), score: 10));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-18 22:00"]);
    }

    [Fact]
    public async Task Count_that_an_average_follows_loses_its_award_when_work_is_taken_back()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, history: all");
        var first = Case("greta", Wednesday.AddHours(-1));
        await core.Take(first, Case("greta", Wednesday.AddMinutes(-30)));
        core.Apply(With("threshold, metric: score, at-least: 100, sample: 2, history: all"));
        Days(core, 3);
        Held(core).Count.ShouldBe(1);
        await core.Take(first with { IsVoid = true, Version = 1 });
        core.Settle();
        Held(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Average_that_follows_a_count_awards_who_meets_it_when_the_day_before_has_closed()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 50, history: all");
        await Cases(core, "greta", 3);
        core.Apply(With("threshold, metric: score, at-least: 2, sample: 2, history: all"));
        core.Time.Set(Wednesday.AddHours(13));
        core.Settle();
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddHours(14).AddMinutes(1));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-18 22:00"]);
    }

    [Fact]
    public async Task What_was_earned_ahead_of_its_time_waits_for_the_version_of_its_day()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, history: all");
        await core.Take(Case("greta", Wednesday.AddHours(20)), Case("greta", Wednesday.AddHours(20).AddMinutes(1)));
        Held(core).ShouldBe(["greta once 2026-11-19 06:01"]);
        core.Apply(With("threshold, metric: cases, at-least: 3, history: all"));
        core.Settle();
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddDays(1));
        await Cases(core, "greta", 1);
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-19 09:59"]);
    }

    [Fact]
    public async Task Work_of_an_earlier_metric_is_not_judged_by_the_targets_of_the_later()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, range: week, history: all");
        core.Apply(With("threshold, metric: chats, at-least: 3, range: week, history: all"));
        Days(core, 6);
        core.Time.GetUtcNow().DayOfWeek.ShouldBe(DayOfWeek.Tuesday);
        await Cases(core, "greta", 4);
        Held(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Backfill_of_tomorrow_is_kept_when_another_is_asked_for_today()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 10, history: 2026-11-10");
        await core.Take([.. Enumerable.Range(0, 6).Select(i => Case("greta", Wednesday.AddDays(-1).AddMinutes(i)))]);
        core.Apply(With("threshold, metric: cases, at-least: 5, history: 2026-11-10"));
        core.Apply(With("threshold, metric: cases, at-least: 5, history: all"));
        core.Settle();
        Held(core).ShouldBeEmpty();
        core.Time.Set(Wednesday.AddDays(1));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-18 22:00"]);
    }

    [Fact]
    public async Task History_from_enabling_begins_anew_when_it_was_switched_off_on_its_first_day()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, range: day");
        Switch(core, on: false);
        core.Time.Set(Wednesday.AddDays(3));
        await Cases(core, "greta", 2);
        core.Time.Set(Wednesday.AddDays(10));
        Switch(core, on: true);
        core.Settle();
        Held(core).ShouldBeEmpty();
        await Cases(core, "jonas", 2);
        Held(core).ShouldBe(["jonas 2026-11-28 2026-11-28 09:59"]);
    }

    [Fact]
    public async Task What_was_earned_on_a_day_that_was_taken_back_does_not_hold_when_history_begins_anew()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, range: day");
        await Cases(core, "greta", 2);
        Held(core).Count.ShouldBe(1);
        Switch(core, on: false);
        core.Time.Set(Wednesday.AddDays(10));
        Switch(core, on: true);
        core.Settle();
        Held(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_that_was_replaced_before_history_began_governs_nothing()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, range: month");
        core.Apply(With("threshold, metric: cases, at-least: 4, range: month"));
        Switch(core, on: false);
        core.Time.Set(Wednesday.AddDays(5));
        Switch(core, on: true);
        await Cases(core, "greta", 3);
        Held(core).ShouldBeEmpty();
        await Cases(core, "greta", 1);
        Held(core).ShouldBe(["greta 2026-11-01 2026-11-23 09:59"]);
    }

    [Fact]
    public async Task History_from_a_date_keeps_the_gap_that_began_on_its_first_day()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, range: day, history: 2026-11-18");
        Switch(core, on: false);
        core.Time.Set(Wednesday.AddDays(3));
        await Cases(core, "greta", 2);
        core.Time.Set(Wednesday.AddDays(10));
        Switch(core, on: true);
        core.Settle();
        Held(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task History_from_enabling_counts_from_then_when_it_was_made_switched_off()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, enabled: false");
        await Cases(core, "greta", 2);
        core.Time.Set(Wednesday.AddDays(10));
        Switch(core, on: true);
        core.Settle();
        Held(core).ShouldBeEmpty();
        await Cases(core, "greta", 1);
        Held(core).ShouldBeEmpty();
        await Cases(core, "greta", 1);
        Held(core).ShouldBe(["greta once 2026-11-28 09:59"]);
    }

    [Fact]
    public async Task History_from_enabling_is_the_same_whether_a_file_or_a_page_enables()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, enabled: false");
        await Cases(core, "greta", 2);
        core.Time.Set(Wednesday.AddDays(10));
        core.Apply(With("threshold, metric: cases, at-least: 2, enabled: true"));
        core.Settle();
        Held(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_that_was_edited_before_it_was_ever_enabled_is_in_force_from_the_first_day()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, enabled: false");
        core.Apply(With("threshold, metric: cases, at-least: 4, enabled: false"));
        Switch(core, on: true);
        await Cases(core, "greta", 3);
        Held(core).ShouldBeEmpty();
        await Cases(core, "greta", 1);
        Held(core).Count.ShouldBe(1);
    }

    [Fact]
    public async Task History_of_one_that_was_never_enabled_can_be_set_to_any_day()
    {
        await using var core = await Start("threshold, metric: cases, at-least: 2, enabled: false");
        await core.Take(Case("greta", Wednesday.AddDays(-9)), Case("greta", Wednesday.AddDays(-8)));
        core.Apply(With("threshold, metric: cases, at-least: 2, enabled: false, history: all"));
        core.Time.Set(Wednesday.AddDays(10));
        core.Apply(With("threshold, metric: cases, at-least: 2, history: all"));
        core.Settle();
        Held(core).ShouldBe(["greta once 2026-11-10 10:00"]);
    }

    /// <summary>The value is that of the first condition at the moment at which all are met; earlier work of its own raises it.</summary>
    [Fact]
    public async Task Late_work_of_one_condition_before_the_moment_of_another_raises_the_value()
    {
        await using var core = await Start(
            "threshold, history: all, conditions: [ { metric: cases, at-least: 1 }, { metric: chats, at-least: 1 } ]");
        await core.Take(Case("greta", Wednesday.AddHours(-5)));
        await core.Take(Case("greta", Wednesday.AddHours(-1)) with { Type = "chat", Measures = [] });
        // Later than all cases and earlier than the chat.
        await core.Take(Case("greta", Wednesday.AddHours(-3)));
        using var c = core.Database.Read();
        c.QuerySingle<long>("SELECT value FROM award WHERE tier = 1").ShouldBe(2_000);
    }

    private static string With(string achievement) => Setup.TrimEnd() + $" {achievement} }}";

    private static Task<CoreFixture> Start(string achievement) => CoreFixture.Start(Wednesday, With(achievement));

    private IncomingActivity Case(string person, DateTimeOffset at, int score = 5) => new(
        "desk", ActivityId.Of($"n{++taken}"), "case", person, null, at.ToUnixTimeMilliseconds(),
        [new("talk", Amount.One), new("score", Amount.Of(score)!.Value)], []);

    /// <summary>So many cases, a minute apart, the last a minute ago.</summary>
    private async Task Cases(CoreFixture core, string person, int count, int score = 5) =>
        await core.Take([.. Enumerable.Range(0, count).Select(i => Case(person, core.Time.GetUtcNow().AddMinutes(i - count), score))]);

    /// <summary>Day by day, as a node that runs.</summary>
    private static void Days(CoreFixture core, int days)
    {
        for (var day = 0; day < days; day++)
        {
            core.Time.Advance(TimeSpan.FromDays(1));
            core.Settle();
        }
    }

    private static void Switch(CoreFixture core, bool on) => core.Database.Write((c, t) =>
    {
        var now = core.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var today = SiteClock.Find("Europe/Vilnius")!.WorkdayOf(now);
        var by = new Actor(null, "Ada", Via.Web);
        return on ? EnableAchievement.Run(c, t, new(1), by, today, now) : DisableAchievement.Run(c, t, new(1), by, today, now);
    }).ShouldBeTrue();

    private static List<string> Held(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string, string, long)>(
                """
                SELECT p.id, w.occasion, w.earned_at FROM award w JOIN person p ON p.key = w.person
                WHERE w.flagged_at IS NULL AND w.revoked_at IS NULL ORDER BY 1, 2
                """)
            .Select(w => $"{w.Item1} {w.Item2} {DateTimeOffset.FromUnixTimeMilliseconds(w.Item3):yyyy-MM-dd HH:mm}")];
    }
}
