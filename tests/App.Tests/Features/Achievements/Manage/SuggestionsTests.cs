using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>Whatever a backtest suggests for a rule is taken by the form of its kind.</summary>
public sealed class SuggestionsTests
{
    private static readonly MetricKey Key = new(1);

    private static readonly Metric Measured =
        new(Key, "cases", Aggregate.Sum, Unit.Number, Direction.Higher, ["case"], null, [], true);

    /// <summary>Every kind that measures, with each number of tiers, both ends.</summary>
    private static IEnumerable<(AchievementForm Form, Rule Rule)> Kinds()
    {
        foreach (var tiers in (int[])[1, 2, 3])
        {
            var rising = Enumerable.Range(1, tiers).Select(i => new Amount(i * 5_000)).ToList();
            foreach (var comparison in (Comparison[])[Comparison.AtLeast, Comparison.AtMost])
            {
                var targets = comparison == Comparison.AtLeast ? rising : [.. rising.AsEnumerable().Reverse()];
                var form = AchievementForm.New("threshold");
                form.Conditions![0].Comparison = comparison == Comparison.AtLeast ? "at-least" : "at-most";
                form.Conditions[0].Metric = "cases";
                yield return (form, new Threshold([new(Key, comparison, targets, 1)], TimeRange.Week));
            }
            foreach (var best in (Best[])[Best.Highest, Best.Lowest])
            {
                var form = AchievementForm.New("improvement");
                (form.Metric, form.Best) = ("cases", Said(best));
                yield return (form, new Improvement(Key, TimeRange.Week, best, rising, 1));
            }
            var streak = AchievementForm.New("streak");
            (streak.Conditions![0].Metric, streak.Conditions[0].Target1) = ("cases", "1");
            yield return (streak, new Streak(
                [new(Key, Comparison.AtLeast, [Amount.One], 1)], TimeRange.Day, [.. Enumerable.Range(2, tiers)], Key));
        }
        foreach (var best in (Best[])[Best.Highest, Best.Lowest])
        {
            var (contest, record) = (AchievementForm.New("best-of-period"), AchievementForm.New("personal-record"));
            (contest.Metric, contest.Best) = ("cases", Said(best));
            (record.Metric, record.Best) = ("cases", Said(best));
            yield return (contest, new BestOfPeriod(Key, BestPeriod.Week, best, Amount.One, 1, Ties.All));
            yield return (record, new PersonalRecord(Key, TimeRange.Week, best, 8, Amount.One, 1));
        }
    }

    [Fact]
    public void Every_suggestion_is_taken_by_the_form()
    {
        var random = new Random(20261123);
        var suggested = 0;
        for (var run = 0; run < 400; run++)
            foreach (var (form, rule) in Kinds())
            {
                var values = Values(random, rule).ToList();
                if (Backtest.Distribute(rule, values) is not { Suggested: { Count: > 0 } found }) continue;
                suggested++;
                found.Count.ShouldBe(rule.Targets().Count);
                form.Name = "Any";
                form.In(random.Next(2) == 0 ? Language.English : Language.Lithuanian);
                form.Take(found);
                var problems = new YamlProblems("form");
                var written = form.Write("any", false, _ => false);
                var read = new AchievementReader(problems).Read(problems.Map(written.Node, "the form")!);
                problems.InOrder().Select(p => p.Message).ShouldBeEmpty(
                    $"{rule.Type} of {string.Join(", ", values.Take(30))}: {string.Join(", ", found.Select(s => s.Target))}");
                // What was typed is what was suggested.
                read!.Rule(_ => Measured, []).Targets().ShouldBe(found.Select(s => s.Target));
            }
        suggested.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void A_row_is_of_two_at_least()
    {
        var rule = new Streak([new(Key, Comparison.AtLeast, [Amount.One], 1)], TimeRange.Day, [2, 3], Key);
        var rows = Enumerable.Repeat(new Amount(1_000), 18).Concat([new Amount(9_000), new Amount(9_000)]).ToList();
        Backtest.Distribute(rule, rows)!.Suggested[0].Target.ShouldBe(new Amount(2_000));
    }

    private static string Said(Best best) => best == Best.Highest ? "highest" : "lowest";

    /// <summary>Few or many, alike or far apart, whole or not, of nothing and below it, and as large as there can be.</summary>
    private static IEnumerable<Amount> Values(Random random, Rule rule)
    {
        var whole = rule is Streak || random.Next(2) == 0;
        var span = new long[] { 2, 12, 150, 5_000, 4_000_000, 3_000_000_000 }[random.Next(6)];
        var from = rule is Streak || random.Next(3) > 0 ? 0 : -span / 2;
        if (rule is Streak) span = Math.Min(span, 90);
        var count = random.Next(18, 60);
        for (var i = 0; i < count; i++)
            yield return new(whole ? (from + random.NextInt64(span)) * 1000 : from * 1000 + random.NextInt64(span * 1000));
    }
}
