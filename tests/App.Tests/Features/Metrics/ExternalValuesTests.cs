using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Settings;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Metrics;

public sealed class ExternalValuesTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 12, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        metrics: [ { id: csat, external: true, unit: percent, aggregate: average }, { id: sales, external: true },
          { id: peak, external: true, aggregate: maximum } ]
        achievements:
          - { id: pleased, type: threshold, metric: csat, at-least: 90, sample: 2, range: week, history: all }
          - { id: seller, type: threshold, metric: sales, at-least: 3, range: day, history: all }
        """;

    [Fact]
    public async Task The_last_value_of_a_day_stands_and_null_deletes()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        (await Set(core, "sales", ("greta", "2026-11-17", 2), ("greta", "2026-11-17", 5), ("jonas", "2026-11-18", 1.5m)))
            .ShouldBe("accepted accepted accepted");
        Sums(core).ShouldBe("greta 5, jonas 1.5");
        (await Set(core, "sales", ("greta", "2026-11-17", 5), ("greta", "2026-11-17", 4), ("jonas", "2026-11-18", null),
            ("jonas", "2026-11-18", null), ("jonas", "2026-11-10", null))).ShouldBe("duplicate accepted accepted duplicate duplicate");
        Sums(core).ShouldBe("greta 4");
        (await Set(core, "sales", ("jonas", "2026-11-18", 1.5m))).ShouldBe("accepted");
        Sums(core).ShouldBe("greta 4, jonas 1.5");
        Healthy(core);
    }

    [Fact]
    public async Task What_is_cumulative_adds_once_by_its_id_until_a_total_takes_its_place()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        ExternalValue[] sent = [new("greta", "2026-11-17", 2), Added("a", 1.5m), Added("b", 3), Added("b", 3)];
        (await Set(core, "sales", sent)).ShouldBe("accepted accepted accepted duplicate");
        Sums(core).ShouldBe("greta 6.5");
        (await Set(core, "sales", Added("a", 1.5m), Added("b", 3), Added("b", 4))).ShouldBe("duplicate duplicate rejected");
        await core.Restart();
        (await Set(core, "sales", Added("a", 1.5m), Added("a", null), Added("a", null), Added("a", 1.5m)))
            .ShouldBe("duplicate accepted duplicate duplicate");
        Sums(core).ShouldBe("greta 5");
        (await Set(core, "sales", new ExternalValue("greta", "2026-11-17", 2), Added("b", 3), Added("c", 1)))
            .ShouldBe("accepted duplicate accepted", "the total is the same, and takes the place of what was added");
        Sums(core).ShouldBe("greta 3");
        (await Set(core, "sales", new ExternalValue("greta", "2026-11-17", null))).ShouldBe("accepted");
        Sums(core).ShouldBe("");
        // Taken back before it came, as voids of activities may be.
        (await Set(core, "sales", Added("late", null), Added("late", 5))).ShouldBe("accepted duplicate");
        Sums(core).ShouldBe("");
        Healthy(core);

        static ExternalValue Added(string id, decimal? value) => new("greta", "2026-11-17", value, ExternalValues.Cumulative, id);
    }

    [Fact]
    public async Task A_value_weighs_as_many_as_it_is_the_average_of()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        (await Set(core, "csat", new ExternalValue("greta", "2026-11-16", 90, Count: 3),
            new ExternalValue("greta", "2026-11-17", 100, ExternalValues.Cumulative, "s1"))).ShouldBe("accepted accepted");
        using (var c = core.Database.Read())
            c.QuerySingle<(long, long)>("SELECT CAST(sum(count) AS BIGINT), CAST(sum(sum) AS BIGINT) FROM rollup").ShouldBe((4, 370_000));
        (await Set(core, "csat", new ExternalValue("greta", "2026-11-16", 90, Count: 3),
            new ExternalValue("greta", "2026-11-16", 90, Count: 1))).ShouldBe("duplicate accepted");
        Healthy(core);
    }

    [Theory]
    [InlineData("sales", "cumulative", null, null, "what is cumulative needs an id")]
    [InlineData("sales", "cumulative", "", null, "what is cumulative needs an id")]
    [InlineData("sales", "sum", "a", null, "type must be total or cumulative")]
    [InlineData("sales", null, "a", null, "an id goes with what is cumulative")]
    [InlineData("sales", null, null, 3L, "count goes with an average")]
    [InlineData("csat", null, null, 0L, "count must be 1 to 1,000,000")]
    [InlineData("csat", null, null, 1_000_001L, "count must be 1 to 1,000,000")]
    [InlineData("csat", null, null, 1_000_000L, "value times count")]
    [InlineData("peak", "cumulative", "a", null, "nothing can be added to a maximum")]
    public async Task What_does_not_go_together_is_refused(string metric, string? type, string? id, long? count, string reason)
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        (await core.Services.GetRequiredService<ExternalValues>().Set(
            metric, [new("greta", "2026-11-17", 1001, type, id, count)], CancellationToken.None))![0].Reason
            .ShouldNotBeNull().ShouldStartWith(reason);
    }

    [Fact]
    public async Task The_same_addition_by_two_at_once_counts_once()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var values = Enumerable.Range(0, 40).Select(i =>
            new ExternalValue("greta", "2026-11-17", 1, ExternalValues.Cumulative, $"a{i % 10}")).ToList();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            core.Services.GetRequiredService<ExternalValues>().Set("sales", values, CancellationToken.None))));
        Sums(core).ShouldBe("greta 10");
    }

    [Fact]
    public async Task Who_or_what_is_not_there_is_refused_by_itself()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        (await Set(core, "sales", ("nobody", "2026-11-17", 2), ("greta", "17.11.2026", 2), ("greta", "2026-11-19", 2),
            ("greta", "2026-11-17", 2_000_000_000m), ("greta", "2026-11-18", 2))).ShouldBe("rejected rejected rejected rejected accepted");
        (await core.Services.GetRequiredService<ExternalValues>().Set("nothing", [], CancellationToken.None)).ShouldBeNull();
        Sums(core).ShouldBe("greta 2");
    }

    [Fact]
    public async Task Values_that_may_change_award_at_the_end_of_the_period_and_again_when_they_do()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Set(core, "sales", ("greta", "2026-11-17", 3), ("greta", "2026-11-18", 9));
        await Set(core, "csat", ("greta", "2026-11-16", 80), ("greta", "2026-11-17", 96), ("jonas", "2026-11-17", 100));
        core.Settle();
        // Of a day that goes on nothing is decided yet.
        Awards(core).ShouldBe("seller greta 2026-11-17");
        core.Time.Advance(TimeSpan.FromDays(6));
        core.Settle();
        Awards(core).ShouldBe("seller greta 2026-11-17, seller greta 2026-11-18");
        await Set(core, "csat", ("greta", "2026-11-16", 90));
        await Set(core, "sales", ("greta", "2026-11-17", null));
        core.Settle();
        Awards(core).ShouldBe("pleased greta 2026-11-16, seller greta 2026-11-17 flagged, seller greta 2026-11-18");
        Healthy(core);
    }

    [Fact]
    public async Task The_api_answers_each_value_and_refuses_what_it_cannot_read()
    {
        await using var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(
            new SetupReader(problems).Read("metrics: [ { id: csat, external: true, aggregate: average } ]")!, problems,
            Actor.CommandLine, plan: false);
        var key = app.WithKey("activities:write");
        var answer = await (await Put(key,
            """{"values":[{"person":"agent","date":"2026-03-11","value":92.5},{"person":"x","date":"2026-03-11","value":1}]}"""))
            .Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("accepted").GetInt32().ShouldBe(1);
        answer.GetProperty("results")[1].GetProperty("reason").GetString().ShouldBe("there is no person 'x'");
        foreach (var broken in (string[])
            [
                "{}", "[]", "null", """{"values":[null]}""", """{"values":[{"person":"agent","date":"2026-03-11"}]}""",
                """{"values":[{"person":"\ud800","date":"2026-03-11","value":1}]}""", """{"values":[],"values":[]}""",
                """{"values":[{"person":"agent","date":"2026-03-11","value":1e999}]}""", """{"values":[],"more":1}""", "{\"values\":[",
                """{"values":[{"person":null,"date":"2026-03-11","value":1}]}""",
            ])
            (await Put(key, broken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, broken);
        (await key.PutAsync("/api/v1/metrics/nothing/values", Body("""{"values":[]}"""))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var added = """{"values":[{"person":"agent","date":"2026-03-11","value":80,"count":4,"type":"cumulative","id":"survey-1"}]}""";
        (await (await Put(key, added)).Content.ReadAsStringAsync()).ShouldContain("\"id\":\"survey-1\",\"outcome\":\"accepted\"");
        (await (await Put(key, added)).Content.ReadAsStringAsync()).ShouldContain("\"outcome\":\"duplicate\"");
        // It is no type that anybody declares or is told of.
        (await key.GetStringAsync("/api/v1/activities/types")).ShouldNotContain("external:");
    }

    private static Task<HttpResponseMessage> Put(HttpClient key, string body) => key.PutAsync("/api/v1/metrics/csat/values", Body(body));
    private static StringContent Body(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<string> Set(CoreFixture core, string metric, params (string Person, string Date, decimal? Value)[] values) =>
        Set(core, metric, [.. values.Select(v => new ExternalValue(v.Person, v.Date, v.Value))]);

    private static async Task<string> Set(CoreFixture core, string metric, params ExternalValue[] values) =>
        string.Join(' ', (await core.Services.GetRequiredService<ExternalValues>().Set(metric, values, CancellationToken.None))!
            .Select(r => r.Outcome.ToString().ToLowerInvariant()));

    private static string Sums(CoreFixture core)
    {
        using var c = core.Database.Read();
        return string.Join(", ", c.Query<(string Id, long Sum)>(
            """
            SELECT p.id, CAST(sum(r.sum) AS BIGINT) FROM rollup r JOIN person p ON p.key = r.person
            JOIN metric m ON m.key = r.metric WHERE m.id = 'sales' GROUP BY p.id ORDER BY p.id
            """).Select(p => $"{p.Id} {new Laurel.Engine.Kernel.Amount(p.Sum)}"));
    }

    private static string Awards(CoreFixture core)
    {
        using var c = core.Database.Read();
        return string.Join(", ", c.Query<(string, string, string, int)>(
            """
            SELECT b.id, p.id, a.occasion, CASE WHEN a.flagged_at IS NULL THEN 0 ELSE 1 END FROM award a
            JOIN achievement b ON b.key = a.achievement JOIN person p ON p.key = a.person ORDER BY b.id, p.id, a.occasion
            """).Select(a => $"{a.Item1} {a.Item2} {a.Item3}{(a.Item4 != 0 ? " flagged" : "")}"));
    }

    private static void Healthy(CoreFixture core)
    {
        core.Settle();
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None);
        differences.ShouldBeEmpty();
    }
}
