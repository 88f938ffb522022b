using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Leaderboards;

public sealed class RankingTests
{
    [Fact]
    public void Of_equal_values_shares_the_rank_and_leaves_the_next_one_out() =>
        Board(Direction.Higher, 5, 9, 5, 1).Places.Select(s => (s.Rank, s.Person.Value)).ShouldBe([(1, 2L), (2, 1L), (2, 3L), (4, 4L)]);

    [Fact]
    public void Of_lower_is_better_begins_with_the_least() =>
        Board(Direction.Lower, 5, 9, 1).Places.Select(s => s.Person.Value).ShouldBe([3, 1, 2]);

    [Fact]
    public void Of_one_value_stands_by_name_and_then_by_key() =>
        Ranking.Of([new(new(3), "Rasa", One), new(new(2), "rasa", One), new(new(9), "Abel", One)], Aggregate.Count, Direction.Higher)
            .Places.Select(s => s.Person.Value).ShouldBe([9, 2, 3]);

    [Fact]
    public void Of_averages_leaves_out_who_has_fewer_than_five()
    {
        var people = new[] { (1, 4), (2, 5), (3, 6) }.Select(p => new Competitor(new(p.Item1), "", Sample(p.Item2, 100)));
        Ranking.Of(people, Aggregate.Average, Direction.Higher).Places.Select(s => s.Person.Value).ShouldBe([2, 3]);
    }

    [Fact]
    public void Of_averages_ranks_by_the_exact_value_not_the_shown_one()
    {
        // 2/6 and 3/9 of a thousandth are one value; 3/8 is more, and all three are shown as 0.
        Competitor Average(int key, long sum, long count) => new(new(key), $"{key}", new Rollup(count, sum, 0, 1));
        Ranking.Of([Average(1, 2, 6), Average(2, 3, 8), Average(3, 3, 9)], Aggregate.Average, Direction.Higher)
            .Places.Select(s => (s.Rank, s.Person.Value)).ShouldBe([(1, 2L), (2, 1L), (2, 3L)]);
    }

    [Theory]
    [InlineData(1, "1 2 3 4 5")]
    [InlineData(4, "2 3 4 5 6")]
    [InlineData(9, "5 6 7 8 9")]
    [InlineData(99, "1 2 3 4 5")]
    public void Around_keeps_the_person_in_view(int person, string seen) =>
        string.Join(' ', Board(Direction.Lower, 1, 2, 3, 4, 5, 6, 7, 8, 9).Around(new(person), 5).Select(s => s.Person.Value))
            .ShouldBe(seen);

    [Fact]
    public void Around_on_a_short_board_shows_all_of_it() => Board(Direction.Higher, 3, 2, 1).Around(new(3), 5).Count.ShouldBe(3);

    [Fact]
    public void Moved_says_ranks_won_lost_kept_and_nothing_for_a_newcomer()
    {
        var before = Board(Direction.Higher, 9, 8, 7);
        var now = Board(Direction.Higher, 7, 8, 9, 1);
        new[] { 1, 2, 3, 4 }.Select(p => now.Moved(new(p), before)).ShouldBe([-2, 0, 2, null]);
    }

    [Fact]
    public void Order_of_arrival_does_not_matter() => Each((values, direction) =>
    {
        var people = Competitors(values);
        var shuffled = people.OrderBy(p => p.Person.Value * 7919 % 101).ThenBy(p => p.Person.Value);
        return Ranking.Of(shuffled, Aggregate.Sum, direction).Places.SequenceEqual(Ranking.Of(people, Aggregate.Sum, direction).Places);
    });

    [Fact]
    public void Rank_is_one_more_than_the_number_of_better_people() => Each((values, direction) =>
    {
        var ranking = Ranking.Of(Competitors(values), Aggregate.Sum, direction);
        return ranking.Places.Count == values.Length && ranking.Places.All(s => s.Rank == 1 + ranking.Places.Count(o =>
            direction == Direction.Higher ? o.Value.CompareTo(s.Value) > 0 : o.Value.CompareTo(s.Value) < 0));
    });

    [Fact]
    public void Among_ranks_as_if_the_others_were_not_there() => Each((values, direction) =>
    {
        var people = Competitors(values);
        static bool Belongs(PersonKey p) => p.Value % 3 != 0;
        return Ranking.Of(people, Aggregate.Sum, direction).Among(Belongs).Places
            .SequenceEqual(Ranking.Of(people.Where(p => Belongs(p.Person)), Aggregate.Sum, direction).Places);
    });

    [Fact]
    public void Movements_of_the_same_people_say_how_ranks_changed() => Each((values, direction) =>
    {
        var now = Ranking.Of(Competitors(values), Aggregate.Sum, direction);
        var before = Ranking.Of(Competitors([.. values.Reverse()]), Aggregate.Sum, direction);
        return now.Places.All(s => s.Rank + now.Moved(s.Person, before) == before.Find(s.Person)!.Value.Rank
            && now.Moved(s.Person, before) == -before.Moved(s.Person, now));
    });

    [Fact]
    public void Position_leads_to_the_person() => Each((values, direction) =>
    {
        var ranking = Ranking.Of(Competitors(values), Aggregate.Sum, direction);
        return Enumerable.Range(0, values.Length).All(i => ranking.PositionOf(ranking.Places[i].Person) == i);
    });

    private static readonly Rollup One = Rollup.Of(new Reading(Amount.One));

    private static Ranking Board(Direction direction, params int[] values) => Ranking.Of(Competitors(values), Aggregate.Sum, direction);

    /// <summary>Of one name, so that among equals only the key decides.</summary>
    private static List<Competitor> Competitors(int[] values) =>
        [.. values.Select((v, i) => new Competitor(new(i + 1), "Rasa", Rollup.Of(new Reading(new Amount(v * 1000L)))))];

    private static Rollup Sample(int count, long each) => new(count, count * each, each, each);

    // A small range of values, so that most boards have ties.
    private static void Each(Func<int[], Direction, bool> holds) => Prop.ForAll(
        Gen.Choose(-6, 6).ArrayOf().ToArbitrary(), ArbMap.Default.ArbFor<bool>(),
        (values, lower) => holds(values, lower ? Direction.Lower : Direction.Higher)).QuickCheckThrowOnFailure();
}
