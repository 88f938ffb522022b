using Laurel.Engine.Reports;

namespace Laurel.Engine.Tests.Reports;

public sealed class BeforeAfterTests
{
    [Fact]
    public void Of_compares_whole_weeks_and_leaves_out_the_week_of_beginning_and_the_running_one()
    {
        var found = BeforeAfter.Of([10, 12, 14, 99, 20, 22, 1], 3);
        (found.Before, found.After, found.WeeksBefore, found.WeeksAfter).ShouldBe((12, 21, 3, 2));
    }

    [Fact]
    public void Of_takes_the_eight_nearest_weeks_on_either_side()
    {
        long[] weeks = [.. Enumerable.Repeat(1000L, 5), .. Enumerable.Repeat(10L, 8), 0, .. Enumerable.Repeat(20L, 8), 1000, 1000];
        var found = BeforeAfter.Of(weeks, 13);
        (found.Before, found.After).ShouldBe((10, 20));
    }

    [Theory]
    [InlineData(-5, null, 2.0)]
    [InlineData(0, null, 2.5)]
    [InlineData(3, 2.0, null)]
    [InlineData(9, 2.0, null)]
    public void Of_what_began_outside_has_one_side_only(int began, double? before, double? after)
    {
        var found = BeforeAfter.Of([1, 2, 3, 9], began);
        (found.Before, found.After).ShouldBe((before, after));
    }
}
