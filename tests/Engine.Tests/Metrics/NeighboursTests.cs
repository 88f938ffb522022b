using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Metrics;

public sealed class NeighboursTests
{
    [Fact]
    public void Rank_of_equal_values_is_shared() =>
        Ranks(Direction.Higher, 5, 9, 5, 1).ShouldBe([(1, 2), (2, 1), (2, 3), (4, 4)]);

    [Fact]
    public void Rank_of_lower_is_better_starts_with_the_least() =>
        Ranks(Direction.Lower, 5, 9, 1).ShouldBe([(1, 3), (2, 1), (3, 2)]);

    [Theory]
    [InlineData(1, "1 2 3 4 5")]
    [InlineData(4, "2 3 4 5 6")]
    [InlineData(9, "5 6 7 8 9")]
    [InlineData(99, "1 2 3 4 5")]
    public void Around_keeps_the_person_in_view(int person, string seen) =>
        string.Join(' ', Neighbours.Around(Board(9), new(person), 5).Select(s => s.Person.Value)).ShouldBe(seen);

    [Fact]
    public void Around_on_a_short_board_shows_all_of_it() => Neighbours.Around(Board(3), new(3), 5).Count.ShouldBe(3);

    private static List<Standing> Board(int people) =>
        Neighbours.Rank(Enumerable.Range(1, people).Select(i => (new PersonKey(i), MetricValue.Of(new(100 - i)))), Direction.Higher);

    private static IEnumerable<(int, long)> Ranks(Direction direction, params int[] values) =>
        Neighbours.Rank(values.Select((v, i) => (new PersonKey(i + 1), MetricValue.Of(new(v)))), direction).Select(s => (s.Rank, s.Person.Value));
}
