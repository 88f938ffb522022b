using Laurel.App.Features.Badges;
using Laurel.App.Features.Imports;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>The samples hold together: data, mapping, names and setup.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Samples_together_stay_under_eight_megabytes() =>
        new DirectoryInfo(DataSets.Sample()).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
            .ShouldBeLessThan(8_000_000);

    [Theory]
    [InlineData("bank-calls", "*.txt.gz", 71_589, 52_675 + 17_360, 26)]
    [InlineData("incidents", "*.csv.gz", 68_095, 12_851, 60)]
    public void Read_a_sample_gives_activities_of_people_under_invented_names(
        string sample, string files, int rows, int activities, int people)
    {
        var reader = new ImportReader(Reading.Load(sample), [.. Directory.GetFiles(DataSets.Sample(sample), files).Order()]);
        var listed = People(sample);

        var items = reader.Read().ToList();

        items.ShouldAllBe(item => item is ReadActivity);
        reader.Counts.Rows.ShouldBe(rows);
        items.Count.ShouldBe(activities);
        var done = Reading.Activities(items);
        done.SelectMany(a => a.Measures).ShouldAllBe(measure => measure.Amount.Thousandths >= 0);
        var agents = done.Where(a => a.Person is not null).DistinctBy(a => a.Person).ToList();
        agents.Count.ShouldBe(people);
        foreach (var agent in agents) agent.PersonName.ShouldBe(listed[agent.Person!]);
        var teams = Ids(sample, "teams");
        done.Where(a => a.Team is not null).Select(a => a.Team!).Distinct().ShouldBeSubsetOf(teams);
    }

    [Theory]
    [InlineData("bank-calls")]
    [InlineData("incidents")]
    public void Setup_of_a_sample_marks_everybody_as_invented(string sample)
    {
        var people = Setup(sample).List("people").Select(node => Map(node)).ToList();

        people.ShouldAllBe(person => person.Flag("invented", otherwise: false));
        people.Select(person => person.Text("name")).ShouldBeUnique();
        people.Select(person => person.Text("team")!).Distinct().ShouldBe(Ids(sample, "teams"), ignoreOrder: true);
        people.Count(person => person.Text("role") == "leader").ShouldBe(Ids(sample, "teams").Count);
    }

    [Theory]
    [InlineData("bank-calls", "calls-answered")]
    [InlineData("incidents", "incidents-resolved")]
    public void Setup_of_a_sample_has_an_achievement_of_every_kind(string sample, string metric)
    {
        var metrics = Ids(sample, "metrics");
        var achievements = Setup(sample).List("achievements").Select(node => Map(node)).ToList();
        var aggregates = Setup(sample).List("metrics").Select(node => Map(node))
            .ToDictionary(map => map.Text("id")!, map => map.Text("aggregate")!);

        metrics.ShouldContain(metric);
        achievements.Select(a => a.Text("type")).Distinct()
            .ShouldBe(["threshold", "best-of-period", "first-time", "manual"], ignoreOrder: true);
        achievements.Select(a => a.Text("badge")).ShouldBeUnique();
        achievements.Select(a => a.Text("period")).OfType<string>().Distinct()
            .ShouldBe(["yesterday", "last-7-days", "week", "month"], ignoreOrder: true);
        achievements.Where(a => a["at-least"] is YamlDotNet.RepresentationModel.YamlSequenceNode { Children.Count: 3 })
            .Select(a => $"{a.Text("range")}").Distinct().ShouldBe(["all", "day", "week", "month"], ignoreOrder: true);
        achievements.Where(a => a.Has("at-least")).Select(a => aggregates[a.Text("metric")!]).Distinct()
            .ShouldBe(["count", "sum", "average", "maximum"], ignoreOrder: true);
        achievements.ShouldContain(a => a.Has("conditions"));
        foreach (var achievement in achievements)
        {
            BadgeFamilies.Find(achievement.Text("badge")!).ShouldNotBeNull(achievement.Text("id"));
            foreach (var text in (string[])["name", "description"])
                achievement.Map(text)!.Entries.Select(entry => entry.Name).ShouldBe(["en", "lt"]);
            if (achievement.Text("metric") is { } counted) metrics.ShouldContain(counted);
        }
    }

    private static Dictionary<string, string> People(string sample) =>
        Setup(sample).List("people").Select(node => Map(node)).ToDictionary(map => map.Text("id")!, map => map.Text("name")!);

    private static List<string> Ids(string sample, string part) =>
        [.. Setup(sample).List(part).Select(node => Map(node).Text("id")!)];

    private static YamlMap Setup(string sample)
    {
        var problems = new YamlProblems("setup.yaml");
        var root = problems.Root(File.ReadAllText(DataSets.Sample(sample, "setup.yaml")));
        problems.InOrder().ShouldBeEmpty();
        return root!;
    }

    private static YamlMap Map(YamlDotNet.RepresentationModel.YamlNode node) => new YamlProblems("setup.yaml").Map(node, "this")!;
}
