using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Shouldly;

namespace Laurel.Engine.Tests.Achievements;

public sealed class AudienceTests
{
    private static readonly Workday Monday = Desk.Monday;
    private static readonly Audience Billing = new([1], [], []);

    private static Places Moves(params (int Day, long? Team)[] teams) =>
        new([(Workday.Beginning, new(null, [], "agent")), .. teams.Select(t => (Monday.Plus(t.Day), new Place(t.Team, [], "agent")))]);

    [Theory]
    [InlineData(new long[] { 1 }, new long[0], new string[0], true)]
    [InlineData(new long[] { 2 }, new long[0], new string[0], false)]
    [InlineData(new long[] { 2 }, new long[] { 7 }, new string[0], true)]
    [InlineData(new long[0], new long[] { 8 }, new string[0], false)]
    [InlineData(new long[0], new long[0], new[] { "agent", "leader" }, true)]
    [InlineData(new long[] { 1 }, new long[0], new[] { "leader" }, false)]
    public void An_audience_includes_who_is_in_a_team_or_group_and_has_a_role(
        long[] teams, long[] groups, string[] roles, bool includes) =>
        new Audience(teams, groups, roles).Includes(new(1, [7], "agent")).ShouldBe(includes);

    [Fact]
    public void Stays_join_what_follows_on_each_other()
    {
        var places = new Places([
            (Workday.Beginning, new(1, [], "agent")), (Monday, new(1, [3], "agent")), (Monday.Plus(4), new(2, [], "agent")),
            (Monday.Plus(9), new(1, [], "agent"))]);
        places.Stays(Billing).ShouldBe([
            new WorkdaySpan(Workday.Beginning, Monday.Plus(3)), new WorkdaySpan(Monday.Plus(9), Workday.End)]);
        places.Stays(new([2], [], [])).ShouldBe([new WorkdaySpan(Monday.Plus(4), Monday.Plus(8))]);
        places.Stays(new([5], [], [])).ShouldBeEmpty();
    }

    [Fact]
    public void Who_comes_in_and_has_done_enough_earns_at_the_start_of_that_day() =>
        // A moment between two workdays is told as the end of the first.
        Earns(Moves((3, 1)), 2, 2, 1).ShouldBe(["1 on day 2: 5"]);

    [Fact]
    public void Who_is_in_it_earns_by_the_work_that_reaches_the_target() =>
        Earns(Moves((0, 1)), 2, 2, 1).ShouldBe(["1 on day 1: 4"]);

    [Fact]
    public void Who_has_left_earns_nothing_more() => Earns(Moves((0, 1), (1, 2)), 2, 2, 1).ShouldBeEmpty();

    [Fact]
    public void Who_comes_in_tomorrow_earns_nothing_today() => Earns(Moves((40, 1)), 2, 2, 1).ShouldBeEmpty();

    private static List<string> Earns(Places places, params long?[] days)
    {
        var desk = Desk.Of(days);
        var rule = new Threshold([new Condition(Desk.Cases, Comparison.AtLeast, [new Amount(4_000)], 1)], TimeRange.All);
        var history = new RuleHistory(new(1), Workday.Beginning, [new(1, Workday.Beginning, rule, Audience: Billing)],
            [new(Workday.Beginning, null)], Repeat.Once, NodaTime.IsoDayOfWeek.Monday);
        return [.. Backtest.Awards(history, desk.Metric, metric => desk.History().Days(metric), places, Monday.Plus(29), Monday.Plus(30))
            .Select(a => $"{a.Tier} on day {a.Day.Number - Monday.Number}: {a.Value}")];
    }
}
