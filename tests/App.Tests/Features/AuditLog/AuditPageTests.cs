using AngleSharp.Html.Parser;
using Laurel.App.Features.Activities;
using Laurel.App.Features.AuditLog;
using Laurel.App.Features.Imports;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.AuditLog;

public sealed class AuditPageTests
{
    [Theory]
    [InlineData("path.added")]
    [InlineData("import.begun")]
    [InlineData("import.ended")]
    public void Action_is_said_in_words(string action) => AuditWords.Action(action).ShouldNotBe(action);

    [Theory]
    [InlineData("area", "service")]
    [InlineData("visibility", "hidden")]
    [InlineData("history", "all")]
    public void Field_and_its_codes_are_said_in_words(string field, string code)
    {
        AuditWords.Field(field).ShouldNotBe(field);
        AuditWords.Code(field, code).ShouldNotBeNull();
    }

    [Fact]
    public async Task Person_whom_an_activity_made_stands_in_the_log()
    {
        await using var app = await RecognitionDesk.Open();
        var number = ActivatorUtilities.CreateInstance<ImportStore>(app.Services)
            .Begin("desk", new("mapping.yaml", 1, "00"), [new("calls.csv", 1, "00")], "boss");
        app.Read<string>("SELECT object FROM audit WHERE action = 'import.begun'").ShouldBe($"{number}: calls.csv");
        await app.Services.GetRequiredService<Intake>().Take([new IncomingActivity(
            "desk", ActivityId.Of("new"), "call", "newcomer", "care", app.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], [])
        {
            UnknownPerson = UnknownPerson.Create, PersonName = "Nora Newcomer", Import = number,
        }], CancellationToken.None);
        app.Read<string>("SELECT actor_name || ' ' || via || ' ' || object || ' ' || change FROM audit WHERE action = 'person.added'")
            .ShouldSatisfyAllConditions(
                said => said.ShouldStartWith($"laurel import {number} cli Nora Newcomer "),
                said => said.ShouldContain("newcomer"), said => said.ShouldContain("care"));
    }

    [Theory]
    [InlineData("award.made", "Caller · Greta Agent", "Skambintojas · Greta Agent")]
    [InlineData("award.made", "Unknown · Greta Agent", "Unknown · Greta Agent")]
    [InlineData("goal.set", "calls · Greta Agent", "Atsiliepti skambučiai · Greta Agent")]
    [InlineData("recalculation.run", "Caller, Caller + 2", "Skambintojas, Caller + 2")]
    public async Task Things_made_of_several_names_are_told_in_the_language_of_the_reader(string action, string written, string told)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => Audit.Write(c, t, Actor.CommandLine, app.Time.GetUtcNow().ToUnixTimeMilliseconds(), action, written));
        var browser = app.SignIn("admin");
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var page = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync("/audit"));
        page.QuerySelector(".audit-what b")!.TextContent.ShouldBe(told);
    }

    [Fact]
    public async Task Audit_in_lithuanian_says_values_that_are_codes_and_things_that_are_ids_in_words()
    {
        await using var app = await RecognitionDesk.Open();
        var now = app.Time.GetUtcNow().ToUnixTimeMilliseconds();
        app.Database.Write((c, t) =>
        {
            Audit.Write(c, t, Actor.CommandLine, now, "award.revoked", "Caller I · Greta Agent", new Change("state", "earned", "revoked"));
            Audit.Write(c, t, Actor.CommandLine, now, "achievement.enabled", "Caller", new Change("enabled", "no", "yes"),
                new Change("from", null, "the beginning"));
            Audit.Write(c, t, Actor.CommandLine, now, "person.changed", "agent", new Change("role", "agent", "leader"),
                new Change("team", "retention", "care"), new Change("from", null, "2026-03-12"));
        });
        var browser = app.SignIn("admin");
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var page = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync("/audit"));
        var rows = page.QuerySelectorAll(".audit-row").Take(3).ToList();
        rows[2].QuerySelector(".audit-what b")!.TextContent.ShouldBe("Skambintojas I · Greta Agent");
        rows[2].QuerySelector(".audit-change")!.TextContent.ShouldSatisfyAllConditions(
            text => text.ShouldContain("Pelnyta"), text => text.ShouldContain("Atšaukta"));
        rows[1].QuerySelector(".audit-what b")!.TextContent.ShouldBe("Skambintojas");
        rows[1].QuerySelectorAll(".diff-old, .diff-new").Select(d => d.TextContent).ShouldBe(["ne", "taip", "+ nuo pradžios"]);
        rows[0].QuerySelector(".audit-what b")!.TextContent.ShouldBe("Greta Agent");
        rows[0].QuerySelectorAll(".diff-old, .diff-new").Select(d => d.TextContent).ShouldBe(
            ["Darbuotojas", "Komandos vadovas", "Retention", "Care", "+ Šiandien"]);
    }
}
