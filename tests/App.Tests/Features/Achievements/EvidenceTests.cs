using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>What counted for an award, of each condition, up to what decided it.</summary>
public sealed class EvidenceTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types: [ { id: case, measures: { talk: { negative: false } } }, { id: chat } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: chats, types: [chat] }
          - { id: talk, types: [case], aggregate: average, measure: talk }
        achievements:
          - { id: a, type: threshold, history: all, 
        """;

    private int taken;

    [Fact]
    public async Task Conditions_each_list_what_counted_up_to_what_decided_it()
    {
        await using var core = await Start("range: week, conditions: [ { metric: cases, at-least: 2 }, { metric: chats, at-least: 1 } ]");
        await core.Take(One("case", 0), One("case", 1), One("case", 2), One("chat", 3), One("case", 4), One("chat", 5));
        Said(core).ShouldBe(["Cases 3: 3 2 1", "Chats 1: 1!"]);
    }

    [Fact]
    public async Task Work_of_one_instant_counts_up_to_the_one_that_decided()
    {
        await using var core = await Start("range: week, conditions: [ { metric: cases, at-least: 2 }, { metric: chats, at-least: 1 } ]");
        await core.Take(One("chat", 0), One("chat", 0), One("case", 0), One("case", 0), One("case", 0));
        // All of one instant: the order of their ids tells which came up to the moment.
        Said(core).ShouldBe(["Cases 2: 2! 1", "Chats 2: 2 1"]);
    }

    [Fact]
    public async Task Average_lists_all_work_of_its_period_and_none_decided_it()
    {
        await using var core = await Start("metric: talk, at-least: 1, sample: 2");
        await core.Take(One("case", 0), One("case", 1));
        core.Time.Set(Wednesday.AddHours(15));
        await core.Take(One("case", 15 * 60 - 1));
        core.Settle();
        Said(core).ShouldBe(["Talk 5: 2 1"]);
    }

    [Fact]
    public async Task Every_time_lists_what_came_up_to_its_multiple()
    {
        await using var core = await Start("metric: cases, at-least: 2, repeat: every-time");
        await core.Take(One("case", 0), One("case", 1), One("case", 2), One("case", 3), One("case", 4));
        Said(core, occasion: "1").ShouldBe(["Cases 2: 2! 1"]);
        Said(core, occasion: "2").ShouldBe(["Cases 4: 4! 3 2 1"]);
    }

    [Fact]
    public async Task Who_met_a_version_when_it_began_has_no_deciding_activity()
    {
        await using var core = await Start("metric: cases, at-least: 5");
        await core.Take(One("case", 0), One("case", 1));
        core.Apply(With("metric: cases, at-least: 2"));
        core.Time.Set(Wednesday.AddDays(1));
        await core.Take(One("case", 24 * 60 - 1));
        core.Settle();
        Said(core).ShouldBe(["Cases 2: 2 1"]);
    }

    [Fact]
    public async Task Award_of_an_earlier_version_shows_what_that_version_counted()
    {
        await using var core = await Start("range: week, metric: chats, at-least: 1");
        await core.Take(One("chat", 0), One("case", 1));
        core.Apply(With("range: week, metric: talk, at-least: 100, sample: 1"));
        core.Time.Set(Wednesday.AddDays(1));
        core.Settle();
        Said(core).ShouldBe(["Chats 1: 1!"]);
    }

    private static string With(string rule) => Setup.TrimEnd() + $" {rule} }}";

    private static Task<CoreFixture> Start(string rule) => CoreFixture.Start(Wednesday, With(rule));

    private IncomingActivity One(string type, int minute) => new(
        "desk", ActivityId.Of($"n{++taken}"), type, "greta", null, Wednesday.AddHours(-1).AddMinutes(minute).ToUnixTimeMilliseconds(),
        type == "case" ? [new("talk", new Amount(5000))] : [], []);

    /// <summary>Metric, what it had come to, and the ordinals, newest first; the deciding one with a mark.</summary>
    private static IEnumerable<string> Said(CoreFixture core, string? occasion = null)
    {
        using var connection = core.Database.Read();
        var book = new AchievementCatalogue(core.Services.GetRequiredService<CatalogueStore>()).Current(connection);
        var award = EarnedStore.OfPerson(connection, 1).Single(a => occasion is null || a.Occasion == occasion);
        return [.. Evidence.Of(connection, book, award, 10).Select(e => $"{book.MetricName(e.Metric.Key)} {e.Value.Rounded()}: "
            + string.Join(' ', e.Shown.Select(s => $"{s.Ordinal}{(s.Decided ? "!" : "")}")))];
    }
}
