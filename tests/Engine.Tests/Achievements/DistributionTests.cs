using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Tests.Achievements;

public sealed class DistributionTests
{
    private static Amount[] Whole(params IEnumerable<long> numbers) => [.. numbers.Select(n => new Amount(n * 1000))];

    private static Distribution Of(IEnumerable<long> values, IEnumerable<long> targets, bool rising = true) =>
        Distribution.Of(Whole(values), Whole(targets), rising)!;

    [Fact]
    public void Of_nothing_is_nothing() => Distribution.Of([], Whole(5), rising: true).ShouldBeNull();

    [Fact]
    public void Every_value_stands_in_one_column_and_columns_are_few_and_equal()
    {
        var found = Of(Enumerable.Range(1, 500).Select(n => (long)n), [100, 200, 300]);
        found.Total.ShouldBe(500);
        found.Columns.Count.ShouldBeLessThanOrEqualTo(21);
        found.Columns.Zip(found.Columns.Skip(1)).ShouldAllBe(c => c.First.Until == c.Second.From);
        found.Width.ShouldBe(new Amount(50_000));
        found.From.ShouldBe(Amount.Zero);
    }

    [Fact]
    public void Column_has_the_tier_that_its_better_end_reaches()
    {
        Of([1, 2, 3, 4, 5, 6], [3, 5]).Columns.Where(c => c.Count > 0).Select(c => c.Tier).ShouldBe([0, 0, 1, 1, 2, 2]);
        Of([1, 2, 3, 4, 5, 6], [4, 2], rising: false).Columns.Where(c => c.Count > 0).Select(c => c.Tier).ShouldBe([2, 2, 1, 1, 0, 0]);
    }

    [Fact]
    public void Few_that_are_far_out_go_into_an_open_last_column()
    {
        var found = Of([.. Enumerable.Range(1, 199).Select(n => (long)(n % 10)), 1_000_000], [5]);
        found.Total.ShouldBe(200);
        found.Columns[^1].Until.ShouldBeNull();
        found.Until.ShouldBeLessThan(new Amount(50_000));
    }

    [Fact]
    public void Target_beyond_all_values_lies_on_the_axis()
    {
        var found = Of([1, 2, 3], [90]);
        found.Until.ShouldBeGreaterThan(new Amount(90_000));
        found.Reached.ShouldHaveSingleItem().Count.ShouldBe(0);
    }

    [Fact]
    public void Reached_counts_what_is_at_least_or_at_most_the_target()
    {
        Of([1, 2, 3, 4], [2, 4]).Reached.Select(r => (r.Count, r.Share)).ShouldBe([(3, new Amount(75_000)), (1, new Amount(25_000))]);
        Of([1, 2, 3, 4], [2], rising: false).Reached[0].Count.ShouldBe(2);
    }

    [Fact]
    public void Suggested_targets_are_reached_by_about_half_a_fifth_and_a_twentieth()
    {
        var found = Of(Enumerable.Range(1, 100).Select(n => (long)n), [1, 2, 3]).Suggested;
        found.Select(s => s.Target.ToString()).ShouldBe(["51", "81", "96"]);
        found.Select(s => s.Count).ShouldBe([50, 20, 5]);
    }

    [Fact]
    public void Suggested_for_one_tier_is_reached_by_about_a_fifth() =>
        Of(Enumerable.Range(1, 100).Select(n => (long)n), [1]).Suggested.ShouldHaveSingleItem().Target.ToString().ShouldBe("81");

    [Fact]
    public void Suggested_where_less_is_better_fall()
    {
        var found = Of(Enumerable.Range(101, 100).Select(n => (long)n), [150, 120, 110], rising: false).Suggested;
        found.Select(s => s.Target.ToString()).ShouldBe(["150", "120", "105"]);
        found.Select(s => s.Count).ShouldBe([50, 20, 5]);
    }

    [Fact]
    public void Suggested_rise_from_tier_to_tier_even_where_all_values_are_the_same()
    {
        var found = Of(Enumerable.Repeat(3L, 40), [1, 2, 3]).Suggested;
        found.Select(s => s.Target.ToString()).ShouldBe(["3", "4", "5"]);
    }

    [Fact]
    public void Suggested_of_few_values_are_none() => Of([1, 2, 3], [1, 2]).Suggested.ShouldBeEmpty();

    [Fact]
    public void Values_below_nothing_have_columns_too()
    {
        var found = Of([-30, -5, 0, 12], [5]);
        found.From.ShouldBe(new Amount(-30_000));
        found.Total.ShouldBe(4);
    }
}
