using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Metrics.Manage;

/// <summary>Making and changing metrics by the form, as a browser without script does.</summary>
public sealed class MetricEditorTests
{
    private const string New = "/manage/metrics/new";

    public static TheoryData<string, string, string, string> Metrics => new()
    {
        { "counted", "In.Types=call&In.Aggregate=count&In.Filters[0].Kind=label&In.Filters[0].Label=kind&In.Filters[0].Texts=billing\nsales"
            + "&In.Filters[1].Kind=measure&In.Filters[1].Measure=talk&In.Filters[1].Comparison=at-most&In.Filters[1].Bound=3:20"
            + "&In.Filters[2].Kind=weekday&In.Filters[2].Days=saturday&In.Filters[2].Days=sunday"
            + "&In.Filters[3].Kind=hours&In.Filters[3].From=22:00&In.Filters[3].Until=06:00",
            "Number of activities: Call answered. Only where kind is billing or sales and talk is at most 3:20\u00A0min and the day is "
                + "Saturday or Sunday and the time is from 22:00 to 06:00.",
            "{ id: azuolas, name: { en: Ąžuolas!, lt: Ąžuolas }, description: D, types: [call], aggregate: count, "
                + "where: [ { label: kind, is: [billing, sales] }, { measure: talk, at-most: 200 }, { weekday: [saturday, sunday] }, "
                + "{ hours: '22:00-06:00' } ] }" },
        { "counted", "In.Types=call&In.Aggregate=average&In.Measure=talk&In.Unit=seconds&In.Direction=lower",
            "Average of “talk” over: Call answered.",
            "{ id: azuolas, name: { en: Ąžuolas!, lt: Ąžuolas }, description: D, types: [call], aggregate: average, measure: talk, "
                + "unit: seconds, direction: lower }" },
        { "counted", "In.Types=call&In.Aggregate=distinct&In.Label=kind", "How many different “kind” of: Call answered.",
            "{ id: azuolas, name: { en: Ąžuolas!, lt: Ąžuolas }, description: D, types: [call], aggregate: distinct, label: kind }" },
        { "ratio", "In.Numerator=talk&In.Denominator=calls&In.Unit=number", "“Talk time” divided by “Calls answered”.",
            "{ id: azuolas, name: { en: Ąžuolas!, lt: Ąžuolas }, description: D, aggregate: ratio, numerator: talk, denominator: calls }" },
        { "external", "In.Aggregate=maximum&In.Unit=percent", "A value for each person and day that another system sends.",
            "{ id: azuolas, name: { en: Ąžuolas!, lt: Ąžuolas }, description: D, external: true, aggregate: maximum, unit: percent }" },
    };

    [Theory]
    [MemberData(nameof(Metrics))]
    public async Task Metric_is_made_said_in_words_and_is_what_a_file_makes(string kind, string fields, string sentence, string file)
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var made = await Press(admin, $"{New}?kind={kind}", "save", $"In.Name=Ąžuolas!&In.NameLt=Ąžuolas&In.Description=D&{fields}");
        made.StatusCode.ShouldBe(HttpStatusCode.Found, await made.Content.ReadAsStringAsync());
        made.Headers.Location!.OriginalString.ShouldEndWith("/manage/metrics/azuolas?saved=new");
        (await Page(admin, "/manage/metrics/azuolas")).QuerySelector(".rule")!.TextContent.Trim().ShouldBe(sentence);
        app.Read<string>("SELECT actor_name || ' ' || via FROM audit WHERE action = 'metric.added' AND object = 'azuolas'")
            .ShouldBe("Priya Admin web");

        // Neither saving it as it is, nor a file that says the same, nor its own export changes anything.
        using var again = await Press(admin, "/manage/metrics/azuolas/edit", "save", "");
        again.StatusCode.ShouldBe(HttpStatusCode.Found, await again.Content.ReadAsStringAsync());
        app.Declare($"metrics: [ {file} ]");
        app.Declare(await admin.GetStringAsync("/manage/metrics/azuolas/setup.yaml"));
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'metric.changed'").ShouldBe(0);
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'azuolas'").ShouldBe(1);
    }

    [Theory]
    [InlineData("counted", "", "Types", "Pasirinkite bent vieną veiklų rūšį.")]
    [InlineData("counted", "In.Types=call&In.Aggregate=sum", "Measure", "Pasirinkite matą.")]
    [InlineData("counted", "In.Types=night-watch&In.Aggregate=sum&In.Measure=talk", "Measure",
        "Ne kiekviena pasirinkta veiklų rūšis tai turi.")]
    [InlineData("counted", "In.Types=night-watch&In.Filters[0].Kind=label&In.Filters[0].Label=kind&In.Filters[0].Texts=x",
        "Filters-0--Label", "Nė viena pasirinkta veiklų rūšis to neturi.")]
    [InlineData("counted", "In.Types=call&In.Filters[0].Kind=label&In.Filters[0].Label=kind", "Filters-0--Texts",
        "Įrašykite bent vieną tekstą.")]
    [InlineData("counted", "In.Types=call&In.Filters[0].Kind=measure&In.Filters[0].Measure=talk&In.Filters[0].Bound=daug",
        "Filters-0--Bound",
        "„daug“ nėra skaičius.")]
    [InlineData("counted", "In.Types=call&In.Filters[0].Kind=hours&In.Filters[0].From=25:00&In.Filters[0].Until=3", "Filters-0--From",
        "Įrašykite du paros laikus")]
    [InlineData("counted", "In.Types=call&In.Filters[0].Kind=weekday", "Filters-0--Days", "Pasirinkite bent vieną dieną.")]
    [InlineData("ratio", "In.Numerator=calls", "Denominator", "Pasirinkite rodiklį.")]
    [InlineData("external", "In.Id=Bad+Key", "Id", "Mažosios raidės, skaitmenys")]
    [InlineData("external", "In.Id=calls", "Id", "Rodiklis su tokiu raktu jau yra.")]
    [InlineData("external", "In.Name=Calls answered", "Name", "Rodiklis tokiu pavadinimu jau yra.")]
    public async Task What_is_wrong_is_told_at_its_field_and_changes_nothing(string kind, string fields, string field, string says)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = 'lt'", transaction: t));
        using var refused = await Press(app.SignIn("admin"), $"{New}?kind={kind}", "save",
            fields.Contains("In.Name=", StringComparison.Ordinal) ? fields : $"In.Name=Naujas&{fields}");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await Parse(refused);
        page.QuerySelector($"#f-{field}-error").ShouldNotBeNull(page.QuerySelector("#problems")?.TextContent)
            .TextContent.ShouldContain(says);
        page.QuerySelector("#problems li a")!.GetAttribute("href").ShouldBe($"#f-{field}");
        app.Read<long>("SELECT count(*) FROM metric WHERE hidden = 0").ShouldBe(2);
    }

    [Fact]
    public async Task Metric_that_is_made_and_an_achievement_that_counts_by_it_award_and_a_change_takes_it_along()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        var admin = app.SignIn("admin");
        using (await Press(admin, $"{New}?kind=counted", "save", "In.Name=Billing calls&In.Types=call&In.Aggregate=count"
            + "&In.Filters[0].Kind=label&In.Filters[0].Label=kind&In.Filters[0].Texts=billing")) { }
        app.Settle();
        using (var enabled = await Press(admin, "/manage/achievements/new?kind=threshold", "enable", "In.Name=Biller&In.History=all"
            + "&In.Range=all&In.Conditions[0].Metric=billing-calls&In.Conditions[0].Target1=3"))
            enabled.StatusCode.ShouldBe(HttpStatusCode.Found, await enabled.Content.ReadAsStringAsync());
        await Until.IsTrue("history is counted", () => app.Read<long>(
            "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'biller'") == 1);

        // What a change does is said before it is saved.
        const string Changed = "In.Filters[0].Texts=sales";
        using var looked = await Press(admin, "/manage/metrics/billing-calls/edit", "look", Changed);
        var effect = (await Parse(looked)).QuerySelector("#effect")!;
        effect.TextContent.ShouldContain("A new version is counted from all activities");
        effect.QuerySelector("a")!.TextContent.ShouldBe("Biller");
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'billing-calls'").ShouldBe(1);

        using var saved = await Press(admin, "/manage/metrics/billing-calls/edit", "save", Changed);
        saved.StatusCode.ShouldBe(HttpStatusCode.Found, await saved.Content.ReadAsStringAsync());
        app.Settle();
        // The rule goes over to the new version from the next workday, and what was earned stays.
        var tomorrow = app.Read<long>("SELECT max(v.effective) FROM achievement_version v JOIN achievement a ON a.key = v.achievement "
            + "WHERE a.id = 'biller'");
        app.Read<long>("SELECT count(*) FROM achievement_version v JOIN achievement a ON a.key = v.achievement WHERE a.id = 'biller'")
            .ShouldBe(2);
        app.Read<long>("SELECT max(day) + 1 FROM activity").ShouldBe(tomorrow);
        app.Read<string>("SELECT v.rule FROM achievement_version v JOIN achievement a ON a.key = v.achievement "
            + "WHERE a.id = 'biller' AND v.number = 2").ShouldContain(
            $"\"value\":{app.Read<long>("SELECT key FROM metric WHERE id = 'billing-calls' AND version = 2")}");
        app.Read<long>("SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement "
            + "WHERE a.id = 'biller' AND w.flagged_at IS NULL AND w.revoked_at IS NULL").ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'achievement.changed' AND object = 'biller'").ShouldBe(1);

        // Two tabs: the one that was opened before is told what is saved by now.
        var stale = await Page(admin, "/manage/metrics/billing-calls/edit");
        using (await Press(admin, "/manage/metrics/billing-calls/edit", "save", "In.Description=Bills")) { }
        using var conflict = await Post(admin, stale, "/manage/metrics/billing-calls/edit", "save", "In.Description=Other");
        conflict.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var told = await Parse(conflict);
        told.QuerySelectorAll("#problems tbody tr").ShouldHaveSingleItem().TextContent.ShouldContain("Bills");
        var over = told.QuerySelector("#problems button[name='In.Do']")!.GetAttribute("value")!;
        using var written = await Post(admin, told, "/manage/metrics/billing-calls/edit", over, "");
        written.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<string>("SELECT description FROM metric WHERE id = 'billing-calls' AND version = 2").ShouldContain("Other");
    }

    [Fact]
    public async Task Metric_that_an_achievement_needs_as_it_is_cannot_become_what_its_rule_cannot_count()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements: [ { id: often, type: threshold, metric: calls, at-least: 10, range: all, repeat: every-time } ]
            """);
        using var refused = await Press(app.SignIn("admin"), "/manage/metrics/calls/edit", "save", "In.Aggregate=average&In.Measure=talk");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Parse(refused)).QuerySelector("#problems")!.TextContent.ShouldContain("The achievement “often” counts by it");
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'calls'").ShouldBe(1);
    }

    [Fact]
    public async Task Metric_is_archived_only_while_nothing_that_is_on_counts_by_it()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        var page = await Page(admin, "/manage/metrics/calls");
        using var refused = await Send(admin, page, "/manage/metrics/calls/archive");
        (await Page(admin, refused.Headers.Location!.OriginalString)).QuerySelector(".note-needs")!.TextContent
            .ShouldContain("it is still used by “Caller”, “Champion of the Week”");
        app.Read<long>("SELECT max(archived) FROM metric").ShouldBe(0);
        using (await Send(admin, page, "/manage/metrics/talk/archive")) { }
        app.Read<long>("SELECT archived FROM metric WHERE id = 'talk'").ShouldBe(1);
        (await Page(admin, "/manage/metrics")).QuerySelectorAll(".manage-name").Select(a => a.TextContent).ShouldBe(["Calls answered"]);
        (await Page(admin, "/manage/metrics?state=archived")).QuerySelectorAll(".manage-name").Select(a => a.TextContent)
            .ShouldBe(["Talk time"]);
        (await Page(admin, "/manage/achievements/new?kind=best-of-period")).QuerySelectorAll("#f-Metric option")
            .Select(o => o.TextContent).ShouldNotContain("Talk time");
        using (await Send(admin, page, "/manage/metrics/talk/bring-back")) { }
        app.Read<long>("SELECT archived FROM metric WHERE id = 'talk'").ShouldBe(0);
    }

    [Fact]
    public async Task Text_is_planned_first_and_brings_metrics_alone()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        const string Text = "metrics: [ { id: talk, name: { en: Talk time, lt: Pokalbių laikas }, unit: seconds, types: [call], "
            + "aggregate: average, measure: talk } ]";
        using var planned = await Press(admin, "/manage/metrics/import", "plan", $"In.Text={Text}", "form.form");
        (await Parse(planned)).QuerySelector(".import-changes")!.TextContent.ShouldContain("aggregate sum");
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'talk'").ShouldBe(1);
        using var applied = await Press(admin, "/manage/metrics/import", "apply", $"In.Text={Text}", "form.form");
        applied.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<long>("SELECT count(*) FROM metric WHERE id = 'talk'").ShouldBe(2);
        using var refused = await Press(admin, "/manage/metrics/import", "plan", "In.Text=people: [ { id: avi } ]", "form.form");
        (await Parse(refused)).QuerySelector(".editor-problems")!.TextContent.ShouldContain("only 'metrics' can be brought in here");
    }

    /// <summary>Opens the page, types into its form and presses a button.</summary>
    internal static async Task<HttpResponseMessage> Press(
        HttpClient browser, string address, string button, string fields, string which = "form.editor") =>
        await Post(browser, await Page(browser, address), address, button, fields, which);

    internal static Task<HttpResponseMessage> Post(
        HttpClient browser, IHtmlDocument page, string address, string button, string fields, string which = "form.editor")
    {
        var typed = fields.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToLookup(f => f[0], f => f[1]);
        var values = new List<KeyValuePair<string, string>>();
        foreach (var control in page.QuerySelector(which)!.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            var name = control.GetAttribute("name")!;
            if (typed.Contains(name)) continue;
            if (control is IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false }) continue;
            values.Add(new(name, control switch
            {
                IHtmlInputElement input => input.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => control.TextContent,
            }));
        }
        values.AddRange(typed.SelectMany(t => t.Select(value => KeyValuePair.Create(t.Key, value))));
        values.Add(new("In.Do", button));
        return browser.PostAsync(address, new FormUrlEncodedContent(values));
    }

    private static Task<HttpResponseMessage> Send(HttpClient browser, IHtmlDocument page, string address) =>
        browser.PostAsync(address, new FormUrlEncodedContent([new("__RequestVerificationToken",
            page.QuerySelector<IHtmlInputElement>("input[name='__RequestVerificationToken']")!.Value)]));

    internal static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));

    internal static async Task<IHtmlDocument> Parse(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
}
