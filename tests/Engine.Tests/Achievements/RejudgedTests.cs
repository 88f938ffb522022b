using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Achievements;

/// <summary>
/// Which version judges a workday after the newest was asked to judge a range: told for each workday apart, of histories of a few
/// versions that begin on, before and behind the edges of the range.
/// </summary>
public sealed class RejudgedTests
{
    private const int Days = 24;

    /// <summary>The rule as it was, the range, and the rule as it is to be; null where there is nothing to do.</summary>
    private sealed record Asked(RuleHistory Rule, WorkdaySpan Range)
    {
        public IReadOnlyList<(RuleVersion Version, Workday From)>? Versions => Rejudged.ByNewest(Rule, Range);
        public RuleHistory After => Versions is { } versions ? Rejudged.With(Rule, versions) : Rule;
        public RuleVersion Newest => Rule.Versions[^1];

        /// <summary>Whether a workday counts, is kept, and lies in the range.</summary>
        public bool Judges(Workday day) => Range.Contains(day) && day >= Rule.CountsFrom && day >= Rule.Horizon;
    }

    [Fact]
    public void Newest_judges_each_workday_of_the_range() => Each((asked, day) =>
        !asked.Judges(day) || asked.After.InForce(day).Rule == asked.Newest.Rule);

    [Fact]
    public void Other_workdays_keep_the_version_that_they_had() => Each((asked, day) =>
        asked.Judges(day) || day < asked.Rule.CountsFrom || asked.After.InForce(day).Rule == asked.Rule.InForce(day).Rule);

    [Fact]
    public void Nothing_is_to_do_only_where_the_newest_judges_all_of_the_range_already() => Each((asked, day) =>
        asked.Versions is not null || !asked.Judges(day) || asked.Rule.InForce(day).Rule == asked.Newest.Rule);

    [Fact]
    public void Newest_stays_the_newest() => Each((asked, _) => asked.After.Current == asked.Newest.Rule);

    [Fact]
    public void Versions_are_numbered_in_the_order_in_which_they_begin() => Each((asked, _) =>
        asked.After.Versions.Select(v => v.Number).SequenceEqual(Enumerable.Range(1, asked.After.Versions.Count))
            && asked.After.Versions.Skip(1).Zip(asked.After.Versions.Skip(2)).All(two => two.First.Effective < two.Second.Effective));

    [Fact]
    public void Twice_is_as_once() => Each((asked, day) =>
        (asked with { Rule = asked.After }).After.InForce(day).Rule == asked.After.InForce(day).Rule);

    [Fact]
    public void Version_that_judges_again_after_the_range_keeps_its_audience_and_its_step()
    {
        var old = new RuleVersion(1, Workday.Beginning, Of(1), new(5), new([3], [], []));
        var rule = Desk.Rule(Of(1)) with { Versions = [old, new(2, Desk.Monday.Plus(9), Of(2))] };

        var judged = Rejudged.With(rule, Rejudged.ByNewest(rule, new(Desk.Monday, Desk.Monday.Plus(4)))!);

        judged.Versions.ShouldBe([
            old, new RuleVersion(2, Desk.Monday, Of(2)), old with { Number = 3, Effective = Desk.Monday.Plus(5) },
            new RuleVersion(4, Desk.Monday.Plus(9), Of(2)),
        ]);
    }

    [Fact]
    public void Range_without_an_end_leaves_the_newest_in_force_for_good()
    {
        var rule = Desk.Rule(Of(1), null, new(2, Desk.Monday.Plus(3), Of(2)), new(3, Desk.Monday.Plus(9), Of(3)));
        Rejudged.With(rule, Rejudged.ByNewest(rule, new(Desk.Monday.Plus(4), Workday.End))!).Versions.Select(v => (v.Effective, v.Rule))
            .ShouldBe([(Workday.Beginning, Of(1)), (Desk.Monday.Plus(3), Of(2)), (Desk.Monday.Plus(4), Of(3))]);
    }

    /// <summary>Conditions of the version that was made as the nth.</summary>
    private static Rule Of(int number) => Rules[number - 1];

    private static readonly Rule[] Rules = [.. Enumerable.Range(1, 6).Select(target =>
        new Threshold([new(Desk.Cases, Comparison.AtLeast, [new Amount(target * 1000L)], 1)], TimeRange.Day))];

    private static void Each(Func<Asked, Workday, bool> holds) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var asked = Random(new Random(seed));
        for (var day = Desk.Monday; day < Desk.Monday.Plus(Days + 4); day = day.Plus(1))
            if (!holds(asked, day))
                throw new InvalidOperationException($"{seed}: {day} of {asked.Range}, counted from {asked.Rule.CountsFrom}, kept from "
                    + $"{asked.Rule.Horizon}: {string.Join(", ", asked.Rule.Versions.Select(v => $"{v.Number} from {v.Effective}"))}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static Asked Random(Random random)
    {
        Workday Any() => Desk.Monday.Plus(random.Next(Days));
        var from = random.Next(3) == 0 ? Workday.Beginning : Any();
        var later = Enumerable.Range(0, random.Next(5)).Select(_ => Any()).Distinct().Order().Select((day, i) =>
            new RuleVersion(i + 2, day, Of(i + 2))).ToList();
        var rule = Desk.Rule(Of(1)) with
        {
            CountsFrom = from,
            Versions = [new(1, from, Of(1)), .. later],
            Horizon = random.Next(3) == 0 ? Any() : Workday.Beginning,
        };
        var first = Any();
        return new(rule, new(first, random.Next(3) == 0 ? Workday.End : first.Plus(random.Next(Days))));
    }
}
