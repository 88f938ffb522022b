using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Tests.Achievements;

public sealed class PersonalRecordTests
{
    private static PersonalRecord Days(int after, Best best = Best.Highest, Amount? minimum = null) =>
        new(Desk.Cases, TimeRange.Day, best, after, minimum, 1);

    [Fact]
    public void Record_is_what_beats_all_earlier_days_and_not_what_equals_them() =>
        Desk.Of(3, 5, 4, 5, 6).Earns(Desk.Rule(Days(after: 1))).ShouldBe(["0 on 1: 5", "0 on 4: 6"]);

    [Fact]
    public void Record_needs_so_many_earlier_days_and_is_measured_by_all_of_them() =>
        Desk.Of(3, 5, null, 4, 5, 6).Earns(Desk.Rule(Days(after: 3))).ShouldBe(["0 on 5: 6"]);

    [Fact]
    public void Record_where_less_is_better_is_the_lowest() =>
        Desk.Of(3, 5, 2, 2, 1).Earns(Desk.Rule(Days(after: 1, Best.Lowest))).ShouldBe(["0 on 2: 2", "0 on 4: 1"]);

    [Fact]
    public void Record_below_the_minimum_is_none_and_is_to_be_beaten_all_the_same() =>
        Desk.Of(1, 4, 4, 5).Earns(Desk.Rule(Days(after: 1, minimum: new(5000)))).ShouldBe(["0 on 3: 5"]);

    [Fact]
    public void Record_of_a_day_that_has_not_closed_waits() =>
        Desk.Of(1, 2, 3).Earns(Desk.Rule(Days(after: 1)), closed: 2).ShouldBe(["0 on 1: 2"]);

    [Fact]
    public void Record_that_counts_once_is_the_first() =>
        Desk.Of(1, 2, 3).Earns(Desk.Rule(Days(after: 1), Repeat.Once)).ShouldBe(["0 on 1: 2"]);

    [Fact]
    public void Record_of_a_gap_earns_nothing_and_is_to_be_beaten_behind_it()
    {
        var rule = Desk.Rule(Days(after: 1)) with
        {
            Spans = [new(Workday.Beginning, Desk.Monday.Plus(1)), new(Desk.Monday.Plus(2), null)],
        };
        Desk.Of(1, 9, 8, 10).Earns(rule).ShouldBe(["0 on 3: 10"]);
    }

    [Fact]
    public void Record_is_judged_by_the_version_of_its_day()
    {
        var rule = Desk.Rule(Days(after: 1), null, new RuleVersion(2, Desk.Monday.Plus(2), Days(after: 1, minimum: new(8000))));
        Desk.Of(1, 2, 3, 9).Earns(rule).ShouldBe(["0 on 1: 2", "0 on 3: 9"]);
    }

    [Fact]
    public void Toward_tells_the_best_so_far_and_what_is_missing()
    {
        var rule = Desk.Rule(Days(after: 3));
        var decision = rule.Current.Decision(rule, Desk.Of().Metric)!;
        var toward = (AgainstOwnBest)decision.Toward(Desk.Of(3, 5, 2).History(), Desk.Monday.Plus(2), (_, _) => 0)!;
        (toward.Missing, toward.Record?.ToString(), toward.Now?.ToString(), toward.Share).ShouldBe((1, "5", "2", null));
        toward = (AgainstOwnBest)decision.Toward(Desk.Of(3, 5, 4, 6).History(), Desk.Monday.Plus(3), (_, _) => 0)!;
        (toward.Missing, toward.Beaten, toward.Share).ShouldBe((0, true, 1d));
    }
}
