using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Features.Activities;
using Laurel.App.Features.People;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.People;

/// <summary>Choosing people in a form: all where they are few, searched for where they are many.</summary>
public sealed class PeopleChoiceTests
{
    private static readonly List<Eligible> Many =
        [.. Enumerable.Range(1, 150).Select(i => new Eligible($"v{i}", $"id{i}", $"Worker {i}", i % 2 == 0 ? "Care" : "Sales"))];

    [Fact]
    public void Few_are_all_written_whatever_is_looked_for()
    {
        var choice = new PeopleChoice(Many.Take(100).ToList(), ["v3"], "nobody");
        (choice.IsLong, choice.Fitting, choice.Shown.Count).ShouldBe((false, 100, 100));
        choice.Shown[2].Value.ShouldBe("v3");
    }

    [Fact]
    public void Of_many_the_chosen_and_the_first_who_fit_are_written()
    {
        var all = new PeopleChoice(Many, ["v149", "stranger"], null);
        (all.IsLong, all.Fitting, all.Shown.Count, all.Shown[0].Value).ShouldBe((true, 149, 101, "v149"));
        new PeopleChoice(Many, ["v7"], "care 12").Shown.Select(p => p.Value)
            .ShouldBe(["v7", "v12", "v112", "v120", "v122", "v124", "v126", "v128"]);
        new PeopleChoice([], null, "x").IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/held/count?id=zita", "count", "In.Person", "w118")]
    [InlineData("/identities/link?provider=crm&external=zita", "link", "In.Target", "person w118")]
    [InlineData("/goals/new?for=team", "goal", "In.Person", "w118")]
    public async Task Page_finds_one_among_many_without_script_and_keeps_who_is_chosen(string page, string form, string field, string value)
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("people:\n" + string.Concat(Enumerable.Range(1, 120).Select(i =>
            $"  - {{ id: w{i}, name: Worker {i}, team: {(i % 2 == 0 ? "care" : "retention")} }}\n")));
        await app.Services.GetRequiredService<Intake>().Take(
            [
                new IncomingActivity("desk", ActivityId.Of("waits"), "call", "zita", null,
                    app.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], []),
            ], CancellationToken.None);
        var admin = app.SignIn("admin");
        (await Page(await admin.GetAsync(new Uri(page, UriKind.Relative)))).QuerySelectorAll(".pick-one").Length.ShouldBe(100);

        var found = await Page(await LaurelApp.Post(admin, page, form, ("In.Do", "search"), ("In.Search", "worker 118")));
        found.QuerySelectorAll(".pick-one input").Select(i => i.GetAttribute("value")).ShouldBe([value]);
        var kept = await Page(await LaurelApp.Post(admin, page, form, ("In.Do", "search"), ("In.Search", "worker 7"), (field, value)));
        kept.QuerySelector(".pick-one input[checked]")!.GetAttribute("value").ShouldBe(value);
        kept.QuerySelectorAll(".pick-one .who-name").Select(n => n.TextContent.Trim()).ShouldContain("Worker 7");
        app.Read<long>("SELECT (SELECT count(*) FROM held) * 10 + (SELECT count(*) FROM goal)").ShouldBe(10);
    }

    private static async Task<IHtmlDocument> Page(HttpResponseMessage answer)
    {
        using var _ = answer;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
    }
}
