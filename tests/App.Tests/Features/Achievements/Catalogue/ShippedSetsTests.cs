using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Badges;
using Laurel.App.Features.Settings;
using Laurel.Engine.Achievements;

namespace Laurel.App.Tests.Features.Achievements.Catalogue;

/// <summary>What the catalogue says, whole and in both languages.</summary>
public sealed class ShippedSetsTests
{
    private static IEnumerable<AchievementSetup> Every => ShippedSets.All.SelectMany(s => s.Achievements);

    [Fact]
    public void Every_set_has_its_achievements()
    {
        ShippedSets.All.Select(s => (s.Id, s.Achievements.Count)).ShouldBe([("starter", 16), ("daily", 15), ("paths", 28), ("sales", 6)]);
        ShippedSets.Find("paths")!.Paths.Select(p => p.Id).ShouldBe(["feedback", "coaching", "personal", "reviewers", "reviewees"]);
    }

    [Fact]
    public void Every_name_and_description_is_in_both_languages()
    {
        var texts = Every.SelectMany(a => (IEnumerable<(string, Texts)>)[(a.Id, a.Name), (a.Id, a.Description)])
            .Concat(ShippedSets.All.SelectMany(s => s.Paths).SelectMany(p =>
                (IEnumerable<(string, Texts)>)[(p.Id, p.Name), (p.Id, p.Description)]))
            .Concat(Every.SelectMany(a => a.Metrics).Select(m => (m.Text, ShippedSets.Metric(m.Text)!.Name)))
            .Concat(Every.SelectMany(ShippedSets.Sent).Where(t => t != "presence").Select(t => (t, ShippedSets.Type(t)!.Name)));
        foreach (var (id, said) in texts)
        {
            said.ByLanguage.Keys.ShouldBe(["en", "lt"], customMessage: id);
            said.ByLanguage.Values.ShouldAllBe(text => !string.IsNullOrWhiteSpace(text), id);
            said.ByLanguage["lt"].ShouldNotBe(said.ByLanguage["en"] == "Siesta" ? "" : said.ByLanguage["en"], id);
        }
    }

    [Fact]
    public void Every_achievement_has_a_badge_of_its_own()
    {
        Every.ShouldAllBe(a => BadgeFamilies.Find(a.Badge) != null);
        Every.Select(a => a.Badge).ShouldBeUnique(StringComparer.Ordinal);
        Every.Select(a => a.Id).ShouldBeUnique(StringComparer.Ordinal);
        foreach (var language in (string[])["en", "lt"])
            Every.Select(a => a.Name.ByLanguage[language]).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void Starter_set_rewards_no_short_handling()
    {
        var starter = ShippedSets.Find("starter")!.Achievements;
        starter.ShouldAllBe(a => !ShippedSets.RewardsHaste(a));
        starter.SelectMany(a => a.Metrics).ShouldAllBe(m => ShippedSets.Metric(m.Text)!.Metric.Unit != Engine.Metrics.Unit.Seconds);
        ShippedSets.RewardsHaste(ShippedSets.Find("daily")!.Achievements.Single(a => a.Id == "express")).ShouldBeTrue();
    }

    [Fact]
    public void Starter_set_and_paths_count_all_history() =>
        ShippedSets.All.Where(s => s.Id is "starter" or "paths").SelectMany(s => s.Achievements)
            .ShouldAllBe(a => a.History.From == Engine.Kernel.Workday.Beginning);

    [Fact]
    public void Badges_that_say_nothing_good_are_off_and_private()
    {
        Every.Where(a => a.Tone == BadgeTone.Negative).Select(a => a.Id)
            .ShouldBe(["traffic-controller", "siesta", "rebel-without-a-cause", "coffee"]);
        Every.Where(a => a.Tone == BadgeTone.Negative).ShouldAllBe(a => !a.Enabled);
        Every.Where(a => a.Tone != BadgeTone.Negative).ShouldAllBe(a => a.Enabled);
    }

    [Fact]
    public void Steps_of_the_paths_are_hidden_except_the_three_first_ones()
    {
        var paths = ShippedSets.Find("paths")!;
        paths.Achievements.Where(a => a.Visibility == Visibility.Shown).Select(a => a.Id)
            .ShouldBe(["first-echo", "bookmarked", "nice-to-meet-you"]);
        paths.Achievements.Where(a => a.Visibility != Visibility.Shown).ShouldAllBe(a => a.Visibility == Visibility.Hidden);
        paths.Paths.SelectMany(p => p.Steps).Select(s => s.Text)
            .ShouldBe(paths.Achievements.Select(a => a.Id), ignoreOrder: true);
    }

    /// <summary>They count what was done, never a score.</summary>
    [Fact]
    public void Paths_only_count() => ShippedSets.Find("paths")!.Achievements.ShouldAllBe(a => a.Type == "first-time"
        || a.Metrics.All(m => ShippedSets.Metric(m.Text)!.Metric.Aggregate == Engine.Metrics.Aggregate.Count));

    [Fact]
    public void Guide_lists_every_achievement_and_every_type() =>
        File.ReadLines(Path.Combine(Checkout.Root, "docs/guide/catalogue.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])
            .Except(ShippedSets.All.Select(s => s.Id), StringComparer.Ordinal)
            .ShouldBe(Every.Select(a => a.Id).Concat(ShippedSets.Own.Types.Select(t => t.Type.Id))
                .Concat(Every.SelectMany(ShippedSets.Sent)).Where(t => t != "presence").Distinct(StringComparer.Ordinal),
                ignoreOrder: true);

    [Fact]
    public void Help_of_the_verb_names_every_set() =>
        ShippedSets.All.ShouldAllBe(s =>
            ApplyVerb.Command().Options.Single(o => o.Name == "--catalogue").Description!.Contains(s.Id));
}
