using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Reference;

namespace Laurel.Engine.Tests.Achievements;

public sealed class FullCollectionTests
{
    private static readonly AchievementKey First = new(7), Second = new(8);
    private static readonly SiteClock StJohns = SiteClock.Find("America/St_Johns")!, NewYork = SiteClock.Find("America/New_York")!;

    /// <summary>
    /// Somebody moves from St John's to New York on it: the date comes at midnight of St John's, the workday begins at that of New York.
    /// </summary>
    private static readonly Workday Move = Workday.Of(2026, 10, 11);

    private static RuleHistory Rule => Desk.Rule(new FullCollection([First, Second]));

    /// <summary>When the set is earned by who has its badges at these instants; the reference says the same.</summary>
    private static long? Earned(RuleHistory rule, long first, params long[] second)
    {
        var (ada, reads) = (new PersonKey(1), new PersonHistory(_ => [], (_, _) => [], StartOf, Move, Move.Plus(1))
        {
            Earnings = achievement => achievement == First ? [first] : second, DayOf = DayOf,
        });
        long? found = new CollectionDecision(rule, _ => throw new InvalidOperationException())
            .Decide(reads, new(Workday.Beginning, Workday.End)) is [var earned] ? earned.EarnedAt : null;
        var history = new History([], [rule], _ => throw new InvalidOperationException(), (_, day) => StartOf(day), _ => Move, Move,
            _ => Move.Plus(1))
        {
            Given = _ =>
            [
                new(First, 1, ada, Occasion.Once, first, Amount.One),
                .. second.Select((at, n) => new Held(Second, 1, ada, Occasion.Nth(n + 1), at, Amount.One)),
            ],
            DayOf = (_, at) => DayOf(at),
        };
        (NaiveAwards.OfPerson(history, ada) is [var held] ? held.EarnedAt : (long?)null).ShouldBe(found);
        return found;

        static long StartOf(Workday day) => (day < Move ? StJohns : NewYork).StartOf(day);
        static Workday DayOf(long at) => at < NewYork.StartOf(Move) ? Workday.Min(StJohns.WorkdayOf(at), Move) : NewYork.WorkdayOf(at);
    }

    private static long Minutes(int count) => count * 60_000L;

    [Fact]
    public void Set_is_earned_with_the_last_badge() =>
        Earned(Rule, StJohns.StartOf(Move.Plus(-3)), StJohns.StartOf(Move.Plus(-5))).ShouldBe(StJohns.StartOf(Move.Plus(-3)));

    [Fact]
    public void Who_has_all_when_the_rule_begins_earns_at_that_start()
    {
        var rule = Rule with { Spans = [new(Move, null)] };
        Earned(rule, NewYork.StartOf(Move) - Minutes(120), StJohns.StartOf(Move.Plus(-5))).ShouldBe(NewYork.StartOf(Move));
    }

    [Fact]
    public void Who_had_all_before_earns_at_the_start_whatever_else_is_earned_on_that_date_before_it()
    {
        // The second badge comes to be there twice: long ago, and on the date of the move before its workday begins.
        var rule = Desk.Rule(new FullCollection([First, Second])) with { Horizon = Move };
        Earned(rule, StJohns.StartOf(Move.Plus(-3)), StJohns.StartOf(Move.Plus(-5)), NewYork.StartOf(Move) - Minutes(15))
            .ShouldBe(NewYork.StartOf(Move));
    }

    [Fact]
    public void Badge_of_a_workday_that_begins_after_its_date_is_work_of_that_workday_and_no_start()
    {
        // The date has come, at midnight of St John's; the workday begins a while later.
        var at = NewYork.StartOf(Move) - Minutes(15);
        at.ShouldBeGreaterThan(StJohns.StartOf(Move));
        Earned(Rule with { Horizon = Move }, at, StJohns.StartOf(Move.Plus(-5))).ShouldBe(at);
        Earned(Rule with { Spans = [new(Move, null)] }, at, StJohns.StartOf(Move.Plus(-5))).ShouldBe(at);
        var later = Rule with { Versions = [.. Rule.Versions, new(2, Move, Rule.Current)] };
        Earned(later with { Spans = [new(Move, null)] }, at, StJohns.StartOf(Move.Plus(-5))).ShouldBe(at);
    }
}
