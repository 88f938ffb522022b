using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

public sealed class ProgressTests
{
    private static readonly MetricKey Calls = new(1), Talk = new(2);
    private static readonly Workday Today = Workday.Of(2026, 3, 12);

    [Theory]
    [InlineData(0, 0, 1, 50)]
    [InlineData(20, 0, 1, 30)]
    [InlineData(50, 1, 2, 5)]
    [InlineData(54, 1, 2, 1)]
    public void Threshold_shows_the_way_to_the_lowest_tier_that_is_not_earned(int calls, int earned, int tier, int toGo)
    {
        var progress = Toward(Repeat.Week, [50, 55, 65], calls, t => t <= earned ? 1 : 0).ShouldBeOfType<TowardTier>();
        progress.Tier.ShouldBe(tier);
        progress.Conditions[0].ToGo.ShouldBe(Of(toGo));
    }

    [Fact]
    public void Threshold_with_every_tier_earned_is_complete() =>
        Toward(Repeat.Week, [50, 55, 65], 70, _ => 1).ShouldBeOfType<AllTiers>().Share.ShouldBe(1);

    [Fact]
    public void Threshold_of_every_time_goes_on_to_the_next_multiple()
    {
        var progress = Toward(Repeat.EveryTime, [100], 230, _ => 2, TimeRange.All).ShouldBeOfType<TowardTier>();
        progress.Conditions[0].Target.ShouldBe(Of(300));
        progress.Conditions[0].ToGo.ShouldBe(Of(70));
    }

    [Fact]
    public void Share_of_an_at_most_condition_rises_as_the_value_falls()
    {
        double ShareAt(int seconds) => Average(seconds, count: 10, sample: 5).Share!.Value;
        ShareAt(600).ShouldBe(0.5, 0.001);
        ShareAt(400).ShouldBe(0.75, 0.001);
        ShareAt(300).ShouldBe(1);
    }

    [Fact]
    public void Share_stays_below_one_while_the_sample_is_too_small() =>
        Average(200, count: 2, sample: 5).Share!.Value.ShouldBe(0.4, 0.001);

    [Fact]
    public void Share_of_several_conditions_is_that_of_the_furthest_behind()
    {
        var rule = new Threshold([At(Calls, Comparison.AtLeast, 10), At(Talk, Comparison.AtMost, 300)], TimeRange.Week);
        var progress = ProgressTowards.Threshold(History(rule, Repeat.Week), rule, Week, Metrics,
            m => m == Calls ? Counted(5) : Rollup.Of(new Reading(Of(400))), _ => 0);
        progress.Share!.Value.ShouldBe(0.5, 0.001);
    }

    [Fact]
    public void Running_of_a_threshold_starts_where_its_history_starts()
    {
        var rule = new Threshold([At(Calls, Comparison.AtLeast, 10)], TimeRange.Month);
        var history = History(rule, Repeat.Month) with { CountsFrom = Workday.Of(2026, 3, 5) };
        ProgressTowards.Running(history, rule, Today).ShouldBe(new WorkdaySpan(Workday.Of(2026, 3, 5), Workday.Of(2026, 3, 31)));
        ProgressTowards.Running(history, rule, Workday.Of(2026, 2, 5)).ShouldBeNull();
    }

    [Theory]
    [InlineData(BestPeriod.Yesterday, "2026-03-12", "2026-03-12")]
    [InlineData(BestPeriod.Last7Days, "2026-03-06", "2026-03-12")]
    [InlineData(BestPeriod.Week, "2026-03-09", "2026-03-15")]
    [InlineData(BestPeriod.Month, "2026-03-01", "2026-03-31")]
    public void Running_of_a_contest_is_the_period_that_holds_today(BestPeriod period, string first, string last) =>
        ProgressTowards.Running(Contest(period: period), Today, IsoDayOfWeek.Monday)
            .ShouldBe(new(Workday.Parse(first)!.Value, Workday.Parse(last)!.Value));

    [Fact]
    public void Contest_tells_the_gap_to_the_leader()
    {
        var progress = InContest(Contest(), (1, 12), (2, 20));
        progress.Leads.ShouldBeFalse();
        progress.Gap.ShouldBe(Of(8));
        progress.Share!.Value.ShouldBe(0.6, 0.001);
    }

    [Fact]
    public void Contest_that_is_shared_is_led_by_both() => InContest(Contest(), (1, 20), (2, 20)).Leads.ShouldBeTrue();

    [Fact]
    public void Contest_without_data_has_no_own_value()
    {
        var progress = InContest(Contest(), (2, 20));
        progress.Own.ShouldBeNull();
        progress.Gap.ShouldBeNull();
        progress.Share.ShouldBe(0);
    }

    [Fact]
    public void Contest_whose_minimum_nobody_reached_has_no_leader()
    {
        var progress = InContest(Contest(minimum: 50), (1, 12), (2, 20));
        progress.Leader.ShouldBeNull();
        progress.Leads.ShouldBeFalse();
    }

    [Fact]
    public void Share_is_one_exactly_when_the_condition_is_met() => Prop.ForAll(
        Gen.Choose(0, 2_000).Zip(Gen.Choose(1, 1_000)).Zip(Gen.Elements(Enum.GetValues<Comparison>())).ToArbitrary(),
        one =>
        {
            var ((have, want), comparison) = one;
            var condition = new Condition(Calls, comparison, [Of(want)], 1);
            var rollup = Counted(have);
            var rule = new Threshold([condition], TimeRange.Week);
            var share = ProgressTowards.Threshold(History(rule, Repeat.Week), rule, Week, Metrics, _ => rollup, _ => 0).Share!.Value;
            return share is >= 0 and <= 1 && (share >= 1) == condition.Met(Aggregate.Count, rollup, 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void To_go_and_value_add_up_to_the_target() => Prop.ForAll(
        Gen.Choose(0, 999).Zip(Gen.Choose(1, 1_000)).ToArbitrary(),
        one =>
        {
            var (have, want) = one;
            var progress = (TowardTier)Toward(Repeat.Week, [want], have, _ => 0);
            return progress.Conditions[0].ToGo!.Value.Thousandths == Math.Max(0, want - have) * 1000L;
        }).QuickCheckThrowOnFailure();

    private static WorkdaySpan Week => WorkdaySpan.Of(TimeRange.Week, Today, IsoDayOfWeek.Monday);
    private static Amount Of(int whole) => new(whole * 1000L);

    private static Rollup Counted(int n) => n == 0 ? Rollup.None : new(n, n * 1000L, 1000, 1000);

    private static Condition At(MetricKey metric, Comparison comparison, params int[] targets) =>
        new(metric, comparison, [.. targets.Select(Of)], 1);

    private static RuleHistory History(Rule rule, Repeat repeat) => new(
        new(1), Workday.Beginning, [new(1, Workday.Beginning, rule)], [new(Workday.Beginning, null)], repeat, IsoDayOfWeek.Monday);

    private static Progress Toward(Repeat repeat, int[] targets, int calls, Func<int, long> earned, TimeRange range = TimeRange.Week)
    {
        var rule = new Threshold([At(Calls, Comparison.AtLeast, targets)], range);
        return ProgressTowards.Threshold(History(rule, repeat), rule, Week, Metrics, _ => Counted(calls), earned);
    }

    private static Progress Average(int seconds, int count, int sample)
    {
        var rule = new Threshold([new Condition(Talk, Comparison.AtMost, [Of(300)], sample)], TimeRange.Week);
        return ProgressTowards.Threshold(History(rule, Repeat.Week), rule, Week, Metrics,
            _ => new Rollup(count, (Int128)seconds * 1000 * count, seconds * 1000L, seconds * 1000L), _ => 0);
    }

    private static BestOfPeriod Contest(int? minimum = null, BestPeriod period = BestPeriod.Week) =>
        new(Calls, period, Best.Highest, minimum is { } m ? Of(m) : null, 1, Ties.Earliest);

    private static AgainstTheBest InContest(BestOfPeriod rule, params (int Person, int Calls)[] floor) =>
        ProgressTowards.Contest(rule, Metrics(Calls), Week, new(1), [.. floor.Select(p => new Candidate(new(p.Person), Counted(p.Calls)))]);

    private static Metric Metrics(MetricKey key) => key == Calls
        ? new(Calls, "calls", Aggregate.Count, Unit.Number, Direction.Higher, ["call"], null, [], false)
        : new(Talk, "talk", Aggregate.Average, Unit.Seconds, Direction.Lower, ["call"], "talk", [], true);
}
