using Dapper;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Metrics;

/// <summary>What is packed of somebody's older days tells the same as the rollups, whatever comes afterwards.</summary>
public sealed class PackedDaysTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private const string Floor = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: care, name: Care } ]
        people: [ { id: greta, team: care }, { id: jonas, team: care }, { id: ona, team: care } ]
        activity-types:
          - { id: case, person: required, measures: { talk: { negative: true } }, labels: [channel] }
        metrics:
          - { id: cases, types: [case] }
          - { id: by-mail, types: [case], where: [ { label: channel, is: mail } ] }
          - { id: talk, unit: seconds, types: [case], aggregate: sum, measure: talk }
          - { id: shortest, unit: seconds, types: [case], aggregate: minimum, measure: talk }
          - { id: channels, types: [case], aggregate: distinct, label: channel }
          - { id: share, unit: percent, aggregate: ratio, numerator: by-mail, denominator: cases }

        """;

    private const string More = "metrics: [ { id: longest, unit: seconds, types: [case], aggregate: maximum, measure: talk } ]";

    private static readonly string[] Channels = ["mail", "phone", "chat"];

    [Fact]
    public async Task Packed_days_tell_the_same_as_rollups_through_late_work_voids_edits_and_new_metrics()
    {
        await using var core = await CoreFixture.Start(Now, Floor);
        var random = new Random(7);
        await core.Take([.. Enumerable.Range(0, 400).Select(i => Case(random, i))]);
        Same(core);
        Pack(core).ShouldBe(3 * Rows(core));
        Pack(core).ShouldBe(0, "it is packed already");
        Same(core);

        // A late one undoes the row of its person alone.
        await core.Take(Case(random, 1_000) with { Person = "greta", At = At(30) });
        Kept(core).ShouldBe(3 * Rows(core) - 1);
        Same(core);
        Pack(core).ShouldBe(1);
        Same(core);

        await core.Take(Case(random, 1_000) with { Person = "greta", At = At(30), Version = 1, IsVoid = true, Measures = [], Labels = [] });
        await core.Take(Case(random, 5) with { Version = 1 }, Case(random, 6) with { Version = 1 });
        core.Settle();
        Same(core);

        core.Apply(More);
        core.Settle();
        Same(core);
        Pack(core).ShouldBeGreaterThan(0);
        Same(core);
        Kept(core).ShouldBe(3 * Rows(core));
        Differences(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Days_that_go_on_or_may_still_change_are_not_packed()
    {
        await using var core = await CoreFixture.Start(Now, Floor);
        await core.Take([.. Enumerable.Range(0, 60).Select(day => Case(new Random(day), day) with { Person = "jonas", At = At(day) })]);
        Pack(core);
        var packed = PackedDays.SpanOf(Blocks(core).Max());
        packed.Last.ShouldBeLessThanOrEqualTo(Workday.Of(2026, 11, 19));
        packed.Last.Plus(PackedDays.Length).ShouldBeGreaterThan(Workday.Of(2026, 11, 19));
        core.Time.Advance(TimeSpan.FromDays(PackedDays.Length));
        Pack(core).ShouldBe(3);
    }

    [Fact]
    public async Task Verify_names_a_packed_day_that_is_wrong()
    {
        await using var core = await CoreFixture.Start(Now, Floor);
        await core.Take(Case(new Random(1), 1) with { Person = "greta", At = At(50), Labels = [] });
        core.Settle();
        Pack(core);
        Differences(core).ShouldBeEmpty();
        core.Database.Write((c, t) => c.Execute(
            "UPDATE rollup SET count = 2 WHERE metric = (SELECT key FROM metric WHERE id = 'cases')", transaction: t));
        Differences(core).ShouldContain(d => d.StartsWith("packed day of cases, greta, 2026-10-03", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(3);
        var block = PackedDays.BlockOf(Workday.Of(2026, 2, 3));
        List<(MetricKey, DayRollup)> days =
        [
            .. Enumerable.Range(1, 5).SelectMany(metric => Enumerable.Range(0, PackedDays.Length)
                .Where(_ => random.Next(3) > 0).Select(day => (new MetricKey(metric), new DayRollup(
                    PackedDays.SpanOf(block).First.Plus(day), metric % 2 == 0
                        ? new Rollup(day + 1, (day + 1) * 1000, 1000, 1000)
                        : new Rollup(
                            random.Next(1, 99), random.NextInt64() - (long.MaxValue / 2), -random.NextInt64(), random.NextInt64()))))),
        ];
        PackedDays.Read(block, PackedDays.Write(block, days)).ShouldBe(days);
        PackedDays.Write(block, []).ShouldBeEmpty();
        PackedDays.SpanOf(PackedDays.BlockOf(new(-1))).ShouldBe(new WorkdaySpan(new(-32), new(-1)));
    }

    /// <summary>The same number is the same activity, but for its amount and channel.</summary>
    private static IncomingActivity Case(Random random, int number) => new(
        "desk", ActivityId.Of($"c{number}"), "case", (number % 2) switch { 0 => "greta", _ => "jonas" }, null,
        At(number * 37 % 200) + number, [new("talk", new Amount(random.Next(-5_000, 90_000)))],
        random.Next(4) is var n && n < 3 ? [new("channel", Channels[n])] : []);

    private static long At(int daysAgo) => (Now - TimeSpan.FromDays(daysAgo)).ToUnixTimeMilliseconds();

    private static int Pack(CoreFixture core) => ActivatorUtilities.CreateInstance<PackDays>(core.Services).Run(CancellationToken.None);

    /// <summary>Rows of each person: workdays of 199 days ago up to three days ago.</summary>
    private static int Rows(CoreFixture core) => Blocks(core).Count;

    private static List<int> Blocks(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<int>("SELECT DISTINCT block FROM packed_days")];
    }

    private static int Kept(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return connection.ExecuteScalar<int>("SELECT count(*) FROM packed_days");
    }

    /// <summary>Day by day of everybody and every metric, over all time and over parts of it.</summary>
    private static void Same(CoreFixture core)
    {
        using var connection = core.Database.Read();
        var rules = core.Services.GetRequiredService<CatalogueStore>().Current(connection).Rules;
        var random = new Random(11);
        foreach (var person in connection.Query<long>("SELECT key FROM person").Select(key => new PersonKey(key)))
        {
            var rollups = new PersonRollups(connection, person);
            foreach (var metric in rules.Metrics.Where(m => m.Ready).Select(m => m.Metric))
                foreach (var days in Spans(random))
                    rollups.Of(metric, days).ShouldBe(RollupStore.OfPerson(connection, metric, person, days), metric.Id);
        }
    }

    private static IEnumerable<WorkdaySpan> Spans(Random random)
    {
        yield return new(Workday.Beginning, Workday.End);
        for (var i = 0; i < 5; i++)
        {
            var first = Workday.Of(2026, 4, 1).Plus(random.Next(260));
            yield return new(first, first.Plus(random.Next(100)));
        }
    }

    private static List<string> Differences(CoreFixture core)
    {
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        return differences;
    }
}
