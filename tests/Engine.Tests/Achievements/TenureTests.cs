using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

public sealed class TenureTests
{
    private static readonly PersonKey Greta = new(1), Jonas = new(2), Rasa = new(3);

    [Fact]
    public void Holders_of_no_award_are_nobody()
    {
        var badge = new MovingBadge([], Succession.ByPeriod);
        badge.Holders.ShouldBeEmpty();
        badge.Passings.ShouldBeEmpty();
    }

    [Fact]
    public void Holders_have_it_from_one_winner_to_the_next()
    {
        var badge = Of(On(1, Greta), On(2, Jonas));
        badge.Holders.ShouldHaveSingleItem().ShouldBe(Jonas, since: 2, Greta);
        Said(badge).ShouldBe(["1:  -> 1", "2: 1 -> 2"]);
    }

    [Fact]
    public void Holders_who_win_again_have_had_it_all_the_while()
    {
        var badge = Of(On(1, Jonas), On(2, Greta), On(3, Greta), On(5, Greta));
        badge.Holders.ShouldHaveSingleItem().ShouldBe(Greta, since: 2, Jonas);
        Said(badge).ShouldBe(["1:  -> 2", "2: 2 -> 1"]);
    }

    [Fact]
    public void Holders_keep_it_over_days_that_nobody_wins() =>
        Of(On(1, Greta), On(9, Greta)).Holders.ShouldHaveSingleItem().ShouldBe(Greta, since: 1);

    [Fact]
    public void Holders_who_lost_it_in_between_have_it_anew() =>
        Of(On(1, Greta), On(2, Jonas), On(3, Greta)).Holders.ShouldHaveSingleItem().ShouldBe(Greta, since: 3, Jonas);

    [Fact]
    public void Equal_winners_hold_it_together_each_since_the_own_day()
    {
        var badge = Of(On(1, Greta), On(2, Greta, Jonas), On(3, Jonas, Rasa));
        badge.Holders.Count.ShouldBe(2);
        badge.Holders[0].ShouldBe(Jonas, since: 2, Greta);
        badge.Holders[1].ShouldBe(Rasa, since: 3, Greta, Jonas);
        Said(badge).ShouldBe(["1:  -> 1", "2:  -> 2", "3: 1 -> 3"]);
    }

    [Fact]
    public void Holder_who_is_left_with_it_gets_nothing_new()
    {
        var badge = Of(On(1, Greta, Jonas), On(2, Jonas));
        badge.Holders.ShouldHaveSingleItem().ShouldBe(Jonas, since: 1);
        Said(badge).ShouldBe(["1:  -> 1,2", "2: 1 -> "]);
    }

    [Fact]
    public void Order_of_the_awards_does_not_matter()
    {
        var all = (Won[])[.. On(1, Greta), .. On(2, Greta, Jonas), .. On(3, Rasa), .. On(7, Jonas)];
        var expected = Said(new(all, Succession.ByPeriod));
        Said(new(all.Reverse(), Succession.ByPeriod)).ShouldBe(expected);
        Said(new(all.OrderBy(a => a.Person), Succession.ByPeriod)).ShouldBe(expected);
    }

    /// <summary>A day ends in Honolulu when the next one ends on Kiritimati: the later day is the later evaluation.</summary>
    [Fact]
    public void Periods_follow_each_other_by_their_days_and_not_by_when_they_end_where()
    {
        var day = new Workday(20_000);
        new MovingBadge([new(Greta, "tuesday", day.Plus(1), 500), new(Jonas, "monday", day, 500)], Succession.ByPeriod)
            .Holders.ShouldHaveSingleItem().Person.ShouldBe(Greta);
        // Somebody gives a badge first where it is tomorrow already, then where it is still today.
        new MovingBadge([new(Greta, "one", day.Plus(1), 500), new(Jonas, "two", day, 600)], Succession.ByMoment)
            .Holders.ShouldHaveSingleItem().Person.ShouldBe(Jonas);
    }

    [Theory]
    [InlineData(Repeat.Day, "2026-11-18", "2026-11-18")]
    [InlineData(Repeat.Week, "2026-11-18", "2026-11-22")]
    [InlineData(Repeat.Week, "2026-11-23", "2026-11-29")]
    [InlineData(Repeat.Month, "2026-11-18", "2026-11-30")]
    [InlineData(Repeat.Month, "2028-02-01", "2028-02-29")]
    public void Badge_of_a_period_is_held_until_that_is_over(Repeat repeat, string earned, string last) =>
        Lapse.LastDay(repeat, Workday.Parse(earned)!.Value, IsoDayOfWeek.Monday).ToString().ShouldBe(last);

    [Fact]
    public void Badge_without_a_period_does_not_lapse()
    {
        Lapse.LastDay(Repeat.Once, new(20_000), IsoDayOfWeek.Monday).ShouldBe(Workday.End);
        Lapse.HasPeriod(Repeat.EveryTime).ShouldBeFalse();
        Lapse.HasPeriod(Repeat.Week).ShouldBeTrue();
    }

    private static MovingBadge Of(params IEnumerable<Won>[] occasions) => new(occasions.SelectMany(o => o), Succession.ByPeriod);

    private static IEnumerable<Won> On(int day, params PersonKey[] winners) =>
        winners.Select(person => new Won(person, $"day {day}", new Workday(20_000 + day), day));

    private static List<string> Said(MovingBadge badge) =>
        [.. badge.Passings.Select(p => $"{p.At}: {Keys(p.From)} -> {Keys(p.To)}")];

    private static string Keys(IEnumerable<PersonKey> people) => string.Join(',', people.Select(p => p.Value));
}

internal static class HoldingAssertions
{
    public static void ShouldBe(this Holding holding, PersonKey person, long since, params PersonKey[] from)
    {
        holding.Person.ShouldBe(person);
        holding.Since.ShouldBe(since);
        holding.From.ShouldBe(from);
    }
}
