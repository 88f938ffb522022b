using Laurel.App.Features.Achievements;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Metrics;

/// <summary>Values of every kind of metric, however they came about: as work came in, built afterwards, corrected.</summary>
public sealed class AggregatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private const string Floor = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ { id: greta, team: care }, { id: jonas, team: care } ]
        activity-types:
          - { id: case, person: optional, measures: { talk: { negative: false } }, labels: [channel] }

        """;

    private const string Metrics = """
        metrics:
          - { id: share, unit: percent, aggregate: ratio, numerator: by-mail, denominator: cases }
          - { id: cases, types: [case] }
          - { id: by-mail, types: [case], where: [ { label: channel, is: mail } ] }
          - { id: shortest, unit: seconds, direction: lower, types: [case], aggregate: minimum, measure: talk }
          - { id: channels, types: [case], aggregate: distinct, label: channel }
          - { id: evenings, types: [case], where: [ { hours: 18:00-22:00 } ] }
          - { id: weekend, types: [case], where: [ { weekday: [saturday, sunday] } ] }

        """;

    [Theory]
    [InlineData("cases", "greta 4, jonas 2")]
    [InlineData("shortest", "greta 20, jonas 50")]
    [InlineData("channels", "greta 2, jonas 1")]
    [InlineData("share", "greta 50, jonas 0")]
    [InlineData("evenings", "greta 1")]
    [InlineData("weekend", "greta 2")]
    public async Task Values_are_the_same_as_work_comes_in_and_when_counted_afterwards(string metric, string values)
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics);
        await Work(core);
        Totals(core, metric).ShouldBe(values);

        await using var late = await CoreFixture.Start(Now, Floor);
        await Work(late);
        late.Apply(Metrics);
        late.Settle();
        Totals(late, metric).ShouldBe(values);
        Ready(late).ShouldBe(7);
    }

    [Theory]
    [InlineData("cases", 7)]
    [InlineData("shortest", 5)]
    [InlineData("channels", 3)]
    [InlineData("weekend", 2)]
    public async Task A_teams_value_is_of_its_people_and_of_what_nobody_of_it_did(string id, int value)
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics);
        await Work(core);
        using var connection = core.Database.Read();
        OfTeam(core, id).Value(Metric(core, id).Aggregate).ShouldBe(MetricValue.Of(new Amount(value * 1000)));
        // Two of seven by mail.
        OfTeam(core, "share").Value(Aggregate.Ratio).ShouldBe(new MetricValue(200_000, 7));
    }

    [Fact]
    public async Task What_is_taken_back_or_corrected_leaves_every_kind_of_value()
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics);
        await Work(core);
        await core.Take(
            Case("g1", "greta", "2026-11-18T09:00:00Z", 20, "mail") with { Version = 1, IsVoid = true, Measures = [], Labels = [] },
            Case("g2", "greta", "2026-11-18T10:00:00Z", 30, "phone") with { Version = 1 },
            Case("n1", null, "2026-11-18T10:00:00Z", 5, "letter") with { Version = 1, IsVoid = true, Measures = [], Labels = [] });
        Totals(core, "shortest").ShouldBe("greta 25, jonas 50");
        Totals(core, "channels").ShouldBe("greta 2, jonas 1");
        Totals(core, "share").ShouldBe("greta 33.333, jonas 0");
        OfTeam(core, "channels").Value(Aggregate.Distinct).ShouldBe(MetricValue.Of(new Amount(2000)));
        core.Settle();
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ratio_goes_over_to_the_new_version_of_what_it_is_made_of()
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics);
        await Work(core);
        core.Apply("metrics: [ { id: by-mail, types: [case], where: [ { label: channel, is: phone } ] } ]")
            .Select(c => c.Id).ShouldBe(["by-mail", "share"]);
        core.Settle();
        Ready(core).ShouldBe(9);
        Totals(core, "share").ShouldBe("greta 25, jonas 100");
        core.Apply(Floor + Metrics).Select(c => c.Id).ShouldBe(["by-mail", "share"], ignoreOrder: true);
        core.Settle();
        Totals(core, "share").ShouldBe("greta 50, jonas 0");
    }

    [Theory]
    [InlineData("UPDATE label_rollup SET count = 3 WHERE label = 'mail' AND day = 20775",
        "rollup of channels, greta, 2026-11-18: stored 2 with sum 2, least 1, greatest 1, of mail (3), phone (1); "
        + "should be 2 with sum 2, least 1, greatest 1, of mail (1), phone (1)")]
    [InlineData("DELETE FROM team_label_rollup",
        "team rollup of channels, care, 2026-11-18: stored 1 with sum 1, least 1, greatest 1; "
        + "should be 1 with sum 1, least 1, greatest 1, of letter (1)")]
    public async Task Verify_names_texts_that_are_wrong(string spoil, string difference)
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics);
        await Work(core);
        core.Settle();
        core.Database.Write((c, t) => c.Execute(spoil, transaction: t));
        Differences(core).ShouldBe([difference]);
    }

    [Fact]
    public async Task A_minimum_and_different_texts_award_at_once_and_a_ratio_when_its_period_has_closed()
    {
        await using var core = await CoreFixture.Start(Now, Floor + Metrics + """
            achievements:
              - { id: quick, type: threshold, metric: shortest, at-most: [30, 20], history: all }
              - { id: all-round, type: threshold, metric: channels, at-least: 2, range: week, history: all }
              - { id: mailer, type: threshold, metric: share, at-least: 50, sample: 4, range: week, history: all }
              - { id: late, type: threshold, metric: evenings, at-least: 1, history: all }
            """);
        await Work(core);
        Awards(core).ShouldBe(["all-round 1 greta", "late 1 greta", "quick 1 greta", "quick 2 greta"]);
        core.Time.Advance(TimeSpan.FromDays(1));
        core.Services.GetRequiredService<CloseWorkdays>().Run();
        core.Settle();
        Awards(core).ShouldBe(["all-round 1 greta", "late 1 greta", "mailer 1 greta", "quick 1 greta", "quick 2 greta"]);
        Differences(core).ShouldBeEmpty();
    }

    /// <summary>Greta: Wednesday by mail and phone, Saturday evening and Sunday. Jonas: Thursday by phone. Nobody: a letter.</summary>
    private static async Task Work(CoreFixture core)
    {
        var results = await core.Take(
            Case("g1", "greta", "2026-11-18T09:00:00Z", 20, "mail"), Case("g2", "greta", "2026-11-18T10:00:00Z", 30, "phone"),
            Case("g3", "greta", "2026-11-21T17:00:00Z", 40, "mail"), Case("g4", "greta", "2026-11-21T23:00:00Z", 25, null),
            Case("j1", "jonas", "2026-11-19T09:00:00Z", 60, "phone"), Case("j2", "jonas", "2026-11-19T09:30:00Z", 50, "phone"),
            Case("n1", null, "2026-11-18T10:00:00Z", 5, "letter"));
        results.ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
    }

    private static IncomingActivity Case(string id, string? person, string at, int talk, string? channel) => new(
        "desk", ActivityId.Of(id), "case", person, person is null ? "care" : null,
        DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
        [new("talk", new Amount(talk * 1000))], channel is null ? [] : [new("channel", channel)]);

    private static string Totals(CoreFixture core, string id)
    {
        var metric = Metric(core, id);
        using var connection = core.Database.Read();
        var names = connection.Query<(long Key, string Id)>("SELECT key, id FROM person").ToDictionary(p => p.Key, p => p.Id);
        var all = new WorkdaySpan(Workday.Beginning, Workday.End);
        var totals = RollupStore.Totals(connection, metric, all);
        // Read day by day, they come to the same.
        foreach (var (person, total) in totals)
        {
            Sum(RollupStore.OfPerson(connection, metric, person, all)).Value(metric.Aggregate).ShouldBe(total.Value(metric.Aggregate));
            Sum(RollupStore.OfEverybody(connection, metric, all)[person]).Value(metric.Aggregate).ShouldBe(total.Value(metric.Aggregate));
        }
        return string.Join(", ", totals.OrderBy(t => t.Key)
            .Select(t => $"{names[t.Key.Value]} {t.Value.Value(metric.Aggregate)!.Value}"));
    }

    private static Rollup Sum(IEnumerable<DayRollup> days) => days.Aggregate(Rollup.None, (running, d) => running.Merge(d.Rollup));

    private static Rollup OfTeam(CoreFixture core, string id)
    {
        using var connection = core.Database.Read();
        return Sum(RollupStore.OfTeams(connection, Metric(core, id), [1, 2], [1], new(Workday.Of(2026, 11, 1), Workday.Of(2026, 11, 30))));
    }

    private static Metric Metric(CoreFixture core, string id)
    {
        using var connection = core.Database.Read();
        return core.Services.GetRequiredService<CatalogueStore>().Current(connection).Rules.Metrics
            .Where(m => m.Metric.Id == id).MaxBy(m => m.Version)!.Metric;
    }

    private static int Ready(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<int>("SELECT count(*) FROM metric WHERE ready = 1");
    }

    private static List<string> Awards(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string, int, string)>(
            """
            SELECT b.id, a.tier, p.id FROM award a JOIN achievement b ON b.key = a.achievement JOIN person p ON p.key = a.person
            ORDER BY b.id, a.tier
            """).Select(a => $"{a.Item1} {a.Item2} {a.Item3}")];
    }

    private static List<string> Differences(CoreFixture core)
    {
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        return differences;
    }
}
