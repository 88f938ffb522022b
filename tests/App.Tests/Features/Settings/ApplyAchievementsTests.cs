using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Settings;

/// <summary>What cannot be changed of an achievement that is there: its writer is told where, and what to do.</summary>
public sealed class ApplyAchievementsTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types: [ { id: case, measures: { talk: {} } } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: talk, types: [case], aggregate: average, measure: talk }
        achievements:
          - { id: a, type: 
        """;

    [Theory]
    [InlineData("best-of-period, metric: cases, period: yesterday", "best-of-period, metric: cases, period: last-7-days",
        "the period of 'a'")]
    [InlineData("best-of-period, metric: cases, period: week", "best-of-period, metric: cases, period: month",
        "'a' has repeat: week; that is fixed")]
    [InlineData("threshold, metric: cases, at-least: 5, range: week, repeat: month",
        "threshold, metric: cases, at-least: 5, range: day, repeat: month", "the range of 'a'")]
    public async Task What_is_fixed_when_it_is_made_is_refused_with_what_to_do(string before, string after, string what)
    {
        await using var core = await CoreFixture.Start(Wednesday, With(before));
        var refused = core.ProblemsOf(With(after)).ShouldHaveSingleItem();
        refused.ShouldStartWith("7:5: ");
        refused.ShouldContain(what);
        refused.ShouldContain("another id");
        core.ProblemsOf(With(before)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("threshold, metric: talk, at-least: 5, repeat: every-time")]
    [InlineData("threshold, repeat: every-time, conditions: [ { metric: cases, at-least: 5 }, { metric: cases, at-least: 9 } ]")]
    public async Task Every_time_without_multiples_is_refused(string rule)
    {
        await using var core = await CoreFixture.Start(Wednesday);
        core.ProblemsOf(With(rule)).ShouldHaveSingleItem().ShouldStartWith("7:5: 'a' repeats every time");
    }

    [Theory]
    [InlineData("threshold, metric: cases, at-least: [2, 4]", "threshold, metric: cases, at-least: [3, 5]",
        "cases at-least 2, 4; range all -> cases at-least 3, 5; range all; from 2026-11-19")]
    [InlineData("threshold, metric: talk, at-most: 60, sample: 5, range: week",
        "threshold, metric: talk, at-most: 50, sample: 5, range: week",
        "talk at-most 60 with a sample of 5; range week -> talk at-most 50 with a sample of 5; range week; from 2026-11-19")]
    [InlineData("best-of-period, metric: cases, period: last-7-days", "best-of-period, metric: cases, period: last-7-days, minimum: 2",
        "highest cases; period last-7-days; sample 1; ties all -> "
        + "highest cases; period last-7-days; minimum 2; sample 1; ties all; from 2026-11-19")]
    public async Task Change_of_a_rule_is_told_in_words_of_a_setup_file(string before, string after, string told)
    {
        await using var core = await CoreFixture.Start(Wednesday, With(before));
        core.Apply(With(after)).ShouldHaveSingleItem().ToString().ShouldBe($"change achievement a: rule {told}");
    }

    private static string With(string achievement) => Setup.TrimEnd() + $" {achievement} }}";
}
