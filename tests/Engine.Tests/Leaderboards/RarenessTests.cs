using Laurel.Engine.Leaderboards;

namespace Laurel.Engine.Tests.Leaderboards;

public sealed class RarenessTests
{
    [Theory]
    [InlineData(50, 100, Rareness.Common)]
    [InlineData(49, 100, Rareness.Uncommon)]
    [InlineData(20, 100, Rareness.Uncommon)]
    [InlineData(19, 100, Rareness.Rare)]
    [InlineData(5, 100, Rareness.Rare)]
    [InlineData(4, 100, Rareness.VeryRare)]
    [InlineData(1, 100, Rareness.VeryRare)]
    [InlineData(99, 10_000, Rareness.Exceptional)]
    [InlineData(1, 1, Rareness.Common)]
    [InlineData(0, 0, Rareness.Exceptional)]
    public void Of_is_decided_by_the_share_with_each_bound_in_the_commoner_step(long holders, long people, Rareness expected) =>
        RarenessPoints.Of(holders, people).ShouldBe(expected);

    [Fact]
    public void Points_rise_with_rareness() =>
        RarenessPoints.All.Select(r => r.Points()).ShouldBe([1, 2, 5, 10, 20]);
}
