using Laurel.Engine.Reports;

namespace Laurel.Engine.Tests.Reports;

public sealed class SmallGroupsTests
{
    [Theory]
    [InlineData("5,6,7", "0:5 1:6 2:7")]
    [InlineData("5,2,7", "2:7 0+1:7")]
    [InlineData("3,2,7", "2:7 0+1:5")]
    [InlineData("1,20,9", "1:20 0+2:10")]
    [InlineData("0,8,9", "2:9 0+1:8")]
    [InlineData("4", "")]
    [InlineData("2,2", "")]
    [InlineData("2,3", "0+1:5")]
    [InlineData("", "")]
    public void Of_tells_of_small_groups_together_until_they_are_large_enough(string people, string told) =>
        string.Join(' ', SmallGroups.Of([.. people.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)], 5)
            .Select(g => $"{string.Join('+', g.Members)}:{g.People}")).ShouldBe(told);

    /// <summary>Whatever the sizes: nobody can be picked out, and nobody is left out.</summary>
    [Fact]
    public void Of_random_groups_is_never_small_and_holds_each_group_once()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var people = Enumerable.Range(0, random.Next(0, 12)).Select(_ => (long)random.Next(0, 12)).ToList();
            var least = random.Next(1, 9);
            var told = SmallGroups.Of(people, least);
            told.ShouldAllBe(g => g.People >= least);
            if (people.Sum() < least) told.ShouldBeEmpty();
            else told.SelectMany(g => g.Members).Order().ShouldBe(Enumerable.Range(0, people.Count));
        }
    }

    [Theory]
    [InlineData(0, 0L)]
    [InlineData(1, null)]
    [InlineData(4, null)]
    [InlineData(5, 5L)]
    public void Told_leaves_out_a_few_and_tells_nobody(long people, long? told) => SmallGroups.Told(people, 5).ShouldBe(told);
}
