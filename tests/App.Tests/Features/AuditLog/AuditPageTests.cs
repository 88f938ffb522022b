using AngleSharp.Html.Parser;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;

namespace Laurel.App.Tests.Features.AuditLog;

public sealed class AuditPageTests
{
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
        rows[2].QuerySelector(".audit-change")!.TextContent.ShouldSatisfyAllConditions(
            text => text.ShouldContain("Pelnyta"), text => text.ShouldContain("Atšaukta"));
        rows[1].QuerySelector(".audit-what b")!.TextContent.ShouldBe("Skambintojas");
        rows[1].QuerySelectorAll(".diff-old, .diff-new").Select(d => d.TextContent).ShouldBe(["ne", "taip", "+ nuo pradžios"]);
        rows[0].QuerySelector(".audit-what b")!.TextContent.ShouldBe("Greta Agent");
        rows[0].QuerySelectorAll(".diff-old, .diff-new").Select(d => d.TextContent).ShouldBe(
            ["Darbuotojas", "Komandos vadovas", "Retention", "Care", "+ Šiandien"]);
    }
}
