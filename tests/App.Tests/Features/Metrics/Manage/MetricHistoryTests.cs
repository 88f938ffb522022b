using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Dapper;
using Laurel.App.Features.Metrics.Manage;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Metrics.Manage;

/// <summary>A metric's values over history, of what is kept and of what is only typed, against sums made apart from it.</summary>
public sealed class MetricHistoryTests
{
    private static readonly (string Person, int Count, int DaysAgo)[] Done =
        [("agent", 4, 0), ("agent", 2, 3), ("colleague", 7, 3), ("other", 5, 9), ("other", 1, 40)];

    [Fact]
    public async Task Values_are_those_of_the_activities_for_a_kept_metric_a_typed_one_a_team_and_a_ratio()
    {
        await using var app = await RecognitionDesk.Open();
        foreach (var (person, count, ago) in Done) await app.Calls(person, count, ago);
        app.Declare("metrics: [ { id: mean, name: Mean, unit: seconds, aggregate: ratio, numerator: talk, denominator: calls } ]");
        var admin = app.SignIn("admin");

        var kept = Read(await MetricEditorTests.Page(admin, "/manage/metrics/calls"));
        kept.Whole.ShouldBe("18");
        kept.Counted.ShouldBe("18");
        kept.People.ShouldBe("3");
        kept.Days.ShouldBe(Oracle(app, 28));
        // Lowest, tenth, half, nine tenths, highest of 5, 6 and 7.
        kept.Spread.ShouldBe(["5", "5", "6", "7", "7"]);

        // A leader's are of the team.
        Read(await MetricEditorTests.Page(app.SignIn("leader"), "/manage/metrics/calls")).Whole.ShouldBe("13");

        var ratio = Read(await MetricEditorTests.Page(admin, "/manage/metrics/mean"));
        (ratio.Whole, ratio.Counted).ShouldBe(("3:20\u00A0min", "18"));

        // What nothing is counted by yet is read from the activities themselves.
        using var looked = await MetricEditorTests.Press(admin, "/manage/metrics/new?kind=counted", "test",
            "In.Types=call&In.Aggregate=count&In.Days=90&In.Filters[0].Kind=label&In.Filters[0].Label=kind&In.Filters[0].Texts=billing");
        var typed = Read(await MetricEditorTests.Parse(looked));
        (typed.Whole, typed.Counted, typed.People).ShouldBe(("19", "19", "3"));
        app.Read<long>("SELECT count(*) FROM metric WHERE hidden = 0").ShouldBe(3);
        using var none = await MetricEditorTests.Press(admin, "/manage/metrics/new?kind=counted", "test",
            "In.Types=call&In.Aggregate=count&In.Filters[0].Kind=label&In.Filters[0].Label=kind&In.Filters[0].Texts=Billing");
        (await MetricEditorTests.Parse(none)).QuerySelector("#backtest")!.TextContent.ShouldContain("Nothing counted in these days.");
    }

    [Theory]
    [InlineData(Aggregate.Sum, 28)]
    [InlineData(Aggregate.Average, 90)]
    [InlineData(Aggregate.Maximum, 90)]
    public async Task Reading_activities_tells_the_same_as_what_is_kept_of_each_day(Aggregate aggregate, int days)
    {
        await using var app = await RecognitionDesk.Open();
        foreach (var (person, count, ago) in Done) await app.Calls(person, count, ago);
        app.Declare($"metrics: [ {{ id: t, types: [call], aggregate: {aggregate.ToString().ToLowerInvariant()}, measure: talk }} ]");
        // The host may have it in hand.
        await Until.IsTrue("it is counted", () => app.Read<long>("SELECT count(*) FROM metric WHERE id = 't' AND ready = 1") == 1);
        using var connection = app.Database.Read();
        var snapshot = app.Services.GetRequiredService<CatalogueStore>().Current(connection);
        var today = snapshot.Floor.Site!.Clock.WorkdayOf(app.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var metric = snapshot.Rules.Declared.Single(m => m.Metric.Id == "t").Metric;
        var kept = MetricHistory.Of(connection, snapshot, metric, DataScope.Company, today, days, true)!;
        // A filter that always holds makes it another definition.
        var typed = metric with { Where = [new MeasureFilter("talk", Comparison.AtLeast, Amount.One)] };
        var read = MetricHistory.Of(connection, snapshot, typed, DataScope.Company, today, days, true)!;
        (kept.IsCounted, read.IsCounted).ShouldBe((true, false));
        read.Points.ShouldBe(kept.Points);
        read.Whole.ShouldBe(kept.Whole);
        read.Values.Order().ShouldBe(kept.Values.Order());

        // Too much: fewer days, but always whole ones, and it is said.
        var cut = MetricHistory.Of(connection, snapshot, typed, DataScope.Company, today, days, false, mostRead: 5)!;
        cut.IsCut.ShouldBeTrue();
        cut.Window.ShouldBe(new WorkdaySpan(today.Plus(-2), today));
        cut.Whole.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Api_makes_plans_tells_and_puts_away()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        var key = app.WithKey("setup:write", "metrics:read");
        using var planned = await key.PutAsync("/api/v1/metrics/talk?plan=true", Json("""{ "types": ["call"], "aggregate": "count" }"""));
        (await planned.Content.ReadAsStringAsync()).ShouldContain("\"planned\":true");
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'talk'").ShouldBe(1);
        using var refused = await key.PutAsync("/api/v1/metrics/bad",
            Json("""{ "types": ["call"], "where": [ { "label": "knd", "is": "x" } ] }"""));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("did you mean");
        using var made = await key.PutAsync("/api/v1/metrics/quick", Json("""{ "description": "So many", "types": ["call"] }"""));
        made.StatusCode.ShouldBe(HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
        await Until.IsTrue("it is counted", () => app.Read<long>("SELECT ready FROM metric WHERE id = 'quick'") == 1);
        (await key.GetStringAsync("/api/v1/metrics/quick/history?days=28&by=day")).ShouldContain("\"value\":4,\"count\":4");
        using var used = await key.PostAsync("/api/v1/metrics/calls/archive", null);
        used.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var archived = await key.PostAsync("/api/v1/metrics/quick/archive", null);
        archived.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await key.GetStringAsync("/api/v1/metrics")).ShouldContain("\"archived\":true");
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    /// <summary>Activities of each workday that has any, newest first, as the page's table has them.</summary>
    private static List<string> Oracle(LaurelApp app, int days)
    {
        using var connection = app.Database.Read();
        var today = connection.ExecuteScalar<long>("SELECT max(day) FROM activity");
        return [.. connection.Query<(long Day, long Count)>(
            """
            SELECT day, count(*) FROM activity WHERE day > @first AND type = (SELECT key FROM activity_type WHERE id = 'call')
            GROUP BY day ORDER BY day DESC
            """, new { first = today - days })
            .Select(d => string.Create(CultureInfo.InvariantCulture,
                $"{new Workday((int)d.Day).Date.ToDateOnly().ToString("d MMM", CultureInfo.GetCultureInfo("en"))} {d.Count}"))];
    }

    private sealed record Seen(string Whole, string Counted, string People, List<string> Days, List<string> Spread);

    private static Seen Read(IHtmlDocument page)
    {
        var card = page.QuerySelector("#history, #backtest")!;
        var figures = card.QuerySelectorAll(".manage-figures dd").Select(d => d.TextContent.Trim()).ToList();
        figures.Count.ShouldBe(3, card.TextContent);
        return new(figures[0], figures[1], figures[2],
            [.. card.QuerySelectorAll("details tbody tr").Select(r => r.QuerySelectorAll("td").Select(d => d.TextContent.Trim()).ToList())
                .Where(r => r[1] != "–").Select(r => $"{r[0]} {r[1]}")],
            [.. card.QuerySelectorAll("details .facts dd").Select(d => d.TextContent.Trim())]);
    }
}
